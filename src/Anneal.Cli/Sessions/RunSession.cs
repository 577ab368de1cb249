using System.Text.Json;
using Anneal.Cli.Display;
using Anneal.Cli.Machines;
using Anneal.Durations;
using Anneal.Events;
using Anneal.Metrics;
using Anneal.Reports;
using Anneal.Runs;
using Anneal.Torch;
using Anneal.Torch.Serialization;
using Anneal.Training.Data;
using Anneal.Training.Data.Idx;
using Anneal.Training.Evaluation;
using Anneal.Training.Checkpoints;
using Anneal.Training.Loop;
using Anneal.Training.Recipes;
using Anneal.Training.Runs;
using Anneal.Training.Speed;
using RunFolder = Anneal.Training.Runs.RunFolder;

namespace Anneal.Cli.Sessions;

/// <summary>One training from its recipe to its report: the run, its folder, and whoever watches.</summary>
sealed class RunSession : IDisposable
{
    readonly SessionOptions options;
    readonly RunFolder folder;
    readonly Dataset data;
    readonly TrainingRun run;

    RunSession(SessionOptions options, RunFolder folder, Dataset data, TrainingRun run, Recipe recipe)
    {
        this.options = options;
        this.folder = folder;
        this.data = data;
        this.run = run;
        Recipe = recipe;
    }

    /// <summary>The recipe, with all that was left to the machine resolved.</summary>
    internal Recipe Recipe { get; }

    /// <summary>The run's folder.</summary>
    internal string Folder => folder.Path;

    internal RunLength Length => run.Length;

    /// <summary>What is odd about the data.</summary>
    internal IReadOnlyList<string> Remarks => [.. data.Remarks, .. run.Remarks];

    /// <summary>The events before this session; empty for a run that begins.</summary>
    internal IReadOnlyList<TrainingEvent> Past { get; private init; } = [];

    /// <summary>How the run is computed, and why so, in a line for people.</summary>
    internal required string Execution { get; init; }

    /// <summary>Starts a run in a folder of its own. Where the recipe does not fit, nothing is written.</summary>
    internal static RunSession Begin(Recipe recipe, RunFolder folder, SessionOptions options)
    {
        folder.RefuseIfUsed();
        recipe = recipe with { Data = Anchored(recipe.Data) };
        return Open(recipe, folder, options, (_, run, information, resolved) =>
        {
            folder.Begin(resolved, information);
            return [];
        });
    }

    /// <summary>Takes a run up where its newest valid checkpoint left it.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="recipe">Its recipe, or the one to go on with.</param>
    /// <param name="options">The threads, device and precision of the run so far hold where they are not given.</param>
    /// <param name="notice">Told of what was found damaged, and of a recipe that changes.</param>
    internal static RunSession Continue(RunFolder folder, Recipe recipe, SessionOptions options, Action<string> notice)
    {
        RunInformation? before = folder.ReadInformation();
        bool asked = options.Threads is not null;
        options = options with
        {
            Threads = options.Threads ?? before?.Threads,
            Device = options.Device ?? (before is null ? null : Device.Parse(before.Device)),
        };
        return Open(recipe, folder, options, (data, run, information, resolved) =>
        {
            if (before is not null && before.DataFingerprint != data.Fingerprint)
            {
                throw new RecipeException(
                    $"A run goes on with the data it began with. Received: '{recipe.Data}', whose content is not that of {before.Started:u}.");
            }
            if (before is not null && before.Seed != recipe.Seed)
            {
                // The validation examples are drawn by the seed: with another, some would be examples that were trained on.
                throw new RecipeException($"A run goes on with the seed it began with, {before.Seed}. Received: {recipe.Seed}.");
            }
            using SavedState? saved = folder.Newest(notice);
            if (saved is not null)
            {
                run.Restore(saved.File, saved.Checkpoint, saved.Past);
            }
            else
            {
                notice("This run has no checkpoint to go on from: it begins anew.");
            }
            if (!asked)
            {
                run.Guard?.Recall(saved?.Past ?? [], folder.ReadEventsAfter(saved?.Checkpoint.Progress.Events ?? 0));
            }
            // Nothing was changed until here, where it is known that the run can go on.
            folder.Continue(saved);
            long step = saved?.Checkpoint.Progress.Step ?? 0;
            if (folder.Change(resolved, step) is { } kept)
            {
                notice($"The recipe changes from here on. What the run followed up to step {step} is kept as {kept}.");
            }
            folder.Write(resolved);
            folder.Write(before is null ? information : information with
            {
                Started = before.Started,
                Command = before.Command,
                Execution = before.Threads == information.Threads ? before.Execution : information.Execution,
            });
            return saved?.Past ?? [];
        });
    }

    /// <summary>Trains to the end, then calibrates, measures and reports what the options ask for.</summary>
    /// <param name="observers">They see each event once it is on disk.</param>
    /// <param name="notice">Told of trouble that the run survives.</param>
    /// <param name="cancellation">Ends the run after the step under way, with a checkpoint.</param>
    /// <param name="finish">Ends the training after the step under way, and goes on as after the recipe's end.</param>
    internal SessionResult Run(IRunObserver observers, Action<string> notice, CancellationToken cancellation, CancellationToken finish = default)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, finish);
        RunEnded? ended = null;
        long saved = 0;
        bool told = false;
        foreach (TrainingEvent happened in folder.Record(run.Events(either.Token).Select(Finished), notice))
        {
            observers.See(happened);
            if (happened is CheckpointSaved { Error: null })
            {
                saved = happened.Step;
            }
            if (happened is SpeedCollapsed collapsed)
            {
                notice(Describe(collapsed));
            }
            if (happened is CheckpointSaved { Error: { } error })
            {
                notice($"A checkpoint could not be written; those before it are untouched. {error}");
            }
            if (happened is Evaluated { Statistics: { } refresh } && !told)
            {
                told = true;
                notice(Words.Statistics(refresh, happened.Step));
            }
            ended = happened as RunEnded ?? ended;
        }
        bool trained = ended!.Outcome is "completed" or "stopped" || (ended.Outcome == "diverged" && HasBest);
        using (StringWriter table = new())
        {
            SummaryCsv.Write(table, folder.ReadEvents());
            folder.WriteText("summary.csv", table.ToString);
        }
        CheckpointSaved? best = null;
        Evaluation? evaluation = null;
        string? unmeasured = null;
        if (trained && options.Evaluate && !cancellation.IsCancellationRequested)
        {
            best = Recipe.FinalWeights == FinalWeights.Best ? TakeBest(notice) : null;
            try
            {
                evaluation = ended.Outcome == "diverged" && best is null ? null : Evaluate();
            }
            catch (NotFiniteNumberException e)
            {
                // The run is told as it ended: this is of the test examples alone.
                unmeasured = $"The trained model could not be measured on the test examples, and is not written: {e.Message}";
            }
        }
        if (options.Report && !cancellation.IsCancellationRequested)
        {
            Report.Write(folder.Path);
        }
        return new SessionResult(ended, saved == ended.Step, best, evaluation) { Unmeasured = unmeasured };

        // The run itself knows one way to be asked to end.
        TrainingEvent Finished(TrainingEvent happened) =>
            happened is RunEnded { Outcome: "interrupted" } asked && finish.IsCancellationRequested && !cancellation.IsCancellationRequested
                ? asked with { Outcome = "stopped", Reason = $"There was no time for more: ended after {asked.Step} of {Length.Steps} steps." }
                : happened;
    }

    public void Dispose()
    {
        run.Dispose();
        folder.Dispose();
        data.Dispose();
    }

    static RunSession Open(
        Recipe recipe, RunFolder folder, SessionOptions options,
        Func<Dataset, TrainingRun, RunInformation, Recipe, IReadOnlyList<TrainingEvent>> prepare)
    {
        Device device = DeviceChoice.Of(options.Device);
        Dataset data = Dataset.Open(recipe.Data);
        TrainingRun? run = null;
        try
        {
            ExecutionChoice choice = ExecutionSetup.Choose(recipe, data, device, options.Threads);
            recipe = choice.Apply(recipe);
            run = new TrainingRun(recipe, data, folder, device)
            {
                Guard = device.IsCuda ? null : new SpeedGuard(choice.Settings.Threads),
            };
            Recipe resolved = run.Recipe with
            {
                BatchScaling = recipe.BatchScaling is { } scaling ? scaling with { Factor = scaling.For(run.Length.BatchSize) } : null,
            };
            RunInformation information = Information(resolved, data, run.Execution, options) with { Execution = choice.Evidence };
            IReadOnlyList<TrainingEvent> past = prepare(data, run, information, resolved);
            return new RunSession(options, folder, data, run, resolved) { Past = past, Execution = ExecutionSetup.Describe(information) };
        }
        catch
        {
            run?.Dispose();
            data.Dispose();
            throw;
        }
    }

    static string Describe(SpeedCollapsed collapsed) =>
        $"An update takes {Words.Seconds(collapsed.SlowSeconds)}, {Words.Number(collapsed.SlowSeconds / collapsed.UsualSeconds)} times as long as before: other work needs the processor." +
        (collapsed is { Threads: { } threads, FromStep: { } from }
            ? $" From step {from} on, where the next pass over the data begins, the run goes on with {threads} thread."
            : " The run goes on as it is.");

    static RunInformation Information(Recipe resolved, Dataset data, Execution execution, SessionOptions options) => new()
    {
        Anneal = Product.Version,
        Started = DateTimeOffset.UtcNow,
        Command = options.Command,
        Seed = resolved.Seed,
        Libtorch = Engine.Version,
        LibtorchPath = Machine.LibtorchPath,
        Threads = Engine.Threads,
        Device = execution.Device.ToString(),
        Precision = execution.Precision == DType.BFloat16 ? "bfloat16" : "float32",
        Layout = execution.Layout == MemoryFormat.ChannelsLast ? "channels-last" : "contiguous",
        Processor = Machine.Processor,
        Cores = Environment.ProcessorCount,
        System = System.Runtime.InteropServices.RuntimeInformation.OSDescription,
        Data = data.Name,
        DataFingerprint = data.Fingerprint,
        Classes = data.Classes,
        GitCommit = GitCommit.Of(Environment.CurrentDirectory),
    };

    // A folder given relative to here, or to ANNEAL_DATA, is found again from anywhere.
    static string Anchored(string data) =>
        KnownDataset.Named(data) is null && KnownDataset.Find(data) is { } found ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(found)) : data;

    // A run that went astray late still has the weights that its recipe asks for.
    bool HasBest => Recipe.FinalWeights == FinalWeights.Best && folder.Best() is not null;

    CheckpointSaved? TakeBest(Action<string> notice)
    {
        CheckpointSaved? best = folder.Best();
        if (best is null)
        {
            notice("No checkpoint was kept for being the best: the model has the weights of the last step.");
            return null;
        }
        try
        {
            using Checkpoint checkpoint = folder.Read(best.File);
            run.TakeWeights(best.File, checkpoint);
            return best;
        }
        catch (InvalidFileException e)
        {
            notice($"{e.Message} It was the best: the model has the weights of the last step instead.");
            return null;
        }
    }

    Evaluation Evaluate()
    {
        Evaluation evaluation = run.Evaluate(data.Test);
        IReadOnlyList<KeyValuePair<string, Tensor>> state = run.FinalState();
        try
        {
            folder.WriteModel(state, TrainedModel.Describe(Recipe, data, evaluation.Temperature));
        }
        finally
        {
            foreach ((_, Tensor tensor) in state)
            {
                tensor.Dispose();
            }
        }
        folder.WriteText("evaluation.json", () => JsonSerializer.Serialize(evaluation, RunJson.Default.Evaluation));
        return evaluation;
    }
}
