using Anneal.Durations;
using Anneal.Events;
using Anneal.Stopping;
using Anneal.Torch;
using Anneal.Training.Averaging;
using Anneal.Training.Checkpoints;
using Anneal.Training.Data;
using Anneal.Training.Evaluation;
using Anneal.Training.Modules;
using Anneal.Training.Optimizers;
using Anneal.Training.Recipes;
using Anneal.Training.Speed;

namespace Anneal.Training.Loop;

/// <summary>One execution of a recipe. It trains while <see cref="Events"/> is enumerated; to stop training, stop enumerating.</summary>
public sealed class TrainingRun : IDisposable
{
    readonly Recipe recipe;
    readonly Catalog catalog;
    readonly Dataset data;
    readonly Examples training;
    readonly ICheckpointStore? store;
    readonly TimeProvider time;
    readonly RunPlan plan;
    readonly RunState state;
    readonly UpdateStep update;
    readonly Tally tally;
    readonly Evaluator evaluator;
    readonly BestWeights? best;
    readonly List<TrainingEvent> history = [];
    readonly FirstToStop rules;
    readonly Lazy<IReadOnlyDictionary<string, string>> description;
    StopReason? stop;
    Progress progress;
    string? resumedFrom;
    long startedAt;
    double secondsBefore;

    /// <summary>Builds and initializes the model; nothing is trained yet.</summary>
    /// <param name="recipe">What to do.</param>
    /// <param name="data">Its data, opened. The run reads it and does not dispose it.</param>
    /// <param name="store">Where checkpoints go; null for none.</param>
    /// <param name="device">Where to train; the CPU unless given.</param>
    /// <param name="time">The clock that speeds are measured by.</param>
    /// <param name="catalog">The names of techniques and schedules, for what is written; <see cref="RecipeText.Standard"/> unless given.</param>
    /// <exception cref="RecipeException">The recipe does not fit the data.</exception>
    public TrainingRun(
        Recipe recipe, Dataset data, ICheckpointStore? store = null, Device? device = null, TimeProvider? time = null, Catalog? catalog = null)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(data);
        // What is written down is what was trained on, whatever the recipe names.
        recipe = recipe with { Data = data.Source ?? Recipe.InMemory };
        this.catalog = catalog ?? RecipeText.Standard;
        this.recipe = recipe;
        this.data = data;
        this.store = store;
        this.time = time ?? TimeProvider.System;
        description = new(Describe);
        plan = new RunPlan(recipe, data);
        rules = new FirstToStop(recipe.Stop);
        progress = new Progress { Steps = Length.Steps };
        tally = new Tally(Length, () => progress);
        RunGenerators? generators = null;
        IOptimizer? optimizer = null;
        IBoundAverage? average = null;
        Examples? training = null;
        Module model = plan.BuildModel(data.Shape);
        try
        {
            recipe.Initialization.Apply(model, recipe.Seed);
            Execution = Execution.Choose(recipe, device ?? Device.Cpu, model, data.Shape);
            model.To(Execution.Device, Execution.Layout);
            training = data.Training.On(Execution.Device);
            plan.CheckValues(Execution.Device);
            generators = new RunGenerators(Execution.Device, recipe.Seed);
            optimizer = plan.BindOptimizer(model);
            average = recipe.Averaging?.Bind(model);
            BatchSource batches = new(
                training, Split.Training, recipe.Augmentation, Normalization.Of(data, Execution.Layout), recipe.Seed);
            update = new UpdateStep(recipe, model, optimizer, batches, Execution);
        }
        catch
        {
            training?.Dispose();
            generators?.Dispose();
            average?.Dispose();
            optimizer?.Dispose();
            model.Dispose();
            throw;
        }
        this.training = training;
        FittedStatistics? statistics = recipe.NormalizationStatistics == NormalizationStatistics.Auto
            ? new FittedStatistics(model, data, training, Split.Training, recipe.Seed, Execution, plan.EvaluateEvery, Length)
            : null;
        state = new RunState(model, optimizer, average, generators, statistics);
        evaluator = new Evaluator(state, data, training, Split.Validation, Execution, () => progress.Step);
        best = recipe.FinalWeights == FinalWeights.Best ? new BestWeights(state) : null;
    }

    /// <summary>What is followed: the recipe as it was given, save that its data is that which is trained on.</summary>
    public Recipe Recipe => recipe;

    /// <summary>The network being trained.</summary>
    public Module Model => state.Model;

    /// <summary>How many updates, and how many of them a pass over the data takes.</summary>
    public RunLength Length => plan.Length;

    /// <summary>Which examples are trained on and which are set aside.</summary>
    public DataSplit Split => plan.Split;

    /// <summary>What a person should know of the data before the run starts; empty where there is nothing.</summary>
    public IReadOnlyList<string> Remarks => plan.Remarks;

    /// <summary>Device, precision and memory order in use.</summary>
    public Execution Execution { get; }

    /// <summary>Whether the run keeps an average of its weights, which evaluation then uses.</summary>
    public bool HasAverage => state.Average is not null;

    /// <summary>Watches the run's speed and changes its threads where that collapses; null, which it is unless given, for nothing of the kind.</summary>
    public SpeedGuard? Guard { get; init; }

    /// <summary>Trains, and tells what happens as it happens. Going on enumerating later goes on training.</summary>
    /// <param name="cancellation">Ends the run after the step under way, with a checkpoint; before the first one where it was cancelled before.</param>
    /// <exception cref="TorchException">libtorch failed, for one when memory ran out.</exception>
    /// <exception cref="RecipeException">A technique refuses a value that a schedule has come to.</exception>
    public IEnumerable<TrainingEvent> Events(CancellationToken cancellation = default)
    {
        (startedAt, secondsBefore) = (time.GetTimestamp(), progress.Seconds);
        foreach (TrainingEvent opening in Opening())
        {
            yield return Happened(opening);
        }
        Ending? ending = Due(cancellation.IsCancellationRequested);
        if (ending is { IsInterruption: true } && store is not null)
        {
            foreach (CheckpointSaved saved in Save(ends: true))
            {
                yield return Happened(saved);
            }
        }
        while (ending is null)
        {
            Guard?.Before(progress.Step);
            long began = time.GetTimestamp();
            UpdateOutcome outcome = Update();
            double took = time.GetElapsedTime(began).TotalSeconds;
            progress.Step++;
            progress.Seconds = Now();
            if (Guard?.Updated(progress.Step, took, Length, Now()) is { } collapsed)
            {
                yield return Happened(collapsed);
            }
            if (outcome.NotFinite is { } cause)
            {
                yield return Happened(tally.Skip(cause, Now()));
            }
            else
            {
                if (outcome.Weight > 0)
                {
                    state.Average?.Update();
                }
                tally.Add(outcome);
            }
            if (plan.LogEvery.EndsAt(progress.Step) && tally.HasSteps)
            {
                yield return Happened(tally.StepEnded(outcome, update.Values, Now()));
            }
            if (progress.Step % Length.StepsPerEpoch == 0)
            {
                yield return Happened(tally.EpochEnded(Now()));
            }
            bool done = progress.Step >= Length.Steps;
            if (Split.Validation.Length > 0 && (Stopped()?.IsWorthSaving ?? (done || plan.EvaluateEvery.EndsAt(progress.Step))))
            {
                yield return Happened(evaluator.Validate(Now, Length.StepsPerEpoch));
            }
            ending = Due(cancellation.IsCancellationRequested);
            if (best is not null && ending is not { IsWorthSaving: false } && ReasonsToSave(ends: false).Contains("best"))
            {
                evaluator.FitStatistics();
                best.Keep(evaluator.Refresh);
            }
            if (store is not null && ending is not { IsWorthSaving: false })
            {
                foreach (CheckpointSaved saved in Save(ends: ending is not null))
                {
                    yield return Happened(saved);
                }
                DeleteSuperfluous();
                // That a checkpoint could not be written may be a reason to stop, too.
                ending ??= Judged(Stopped());
            }
        }
        if (best is { AreKept: true } && !ending.IsInterruption)
        {
            evaluator.Taken(best.Take());
        }
        yield return Happened(new RunEnded { Step = progress.Step, Seconds = Now(), Outcome = ending.Outcome, Reason = ending.Reason });
    }

    /// <summary>Puts the run into the state of a checkpoint; <see cref="Events"/> then goes on from there.</summary>
    /// <param name="file">The checkpoint's file name, for the log.</param>
    /// <param name="checkpoint">A checkpoint of the same recipe, or of one with another end or other values.</param>
    /// <param name="past">The events up to it.</param>
    /// <exception cref="RecipeException">The checkpoint is of another recipe.</exception>
    public void Restore(string file, Checkpoint checkpoint, IEnumerable<TrainingEvent> past)
    {
        if (checkpoint.Progress.Steps != Length.Steps && checkpoint.Progress.Step >= Length.Steps)
        {
            throw new RecipeException(
                $"duration: a run that has made {checkpoint.Progress.Step} steps goes on to a later end only. Received: an end after {Length.Steps}.");
        }
        List<TrainingEvent> before = [.. past];
        StopReason? stopping = StopAt(checkpoint.Progress.Step, before);
        if (stopping is not null && checkpoint.Progress.Steps != Length.Steps)
        {
            throw new RecipeException(
                $"stop: a run that a rule has stopped goes on to another end only with another rule, or none. Received: {stopping.Reason} " +
                "Change 'stop' with 'duration', such as stop=none.");
        }
        if (before.OfType<RunStarted>().FirstOrDefault() is { } started && started.StepsPerEpoch != Length.StepsPerEpoch)
        {
            throw new RecipeException(
                $"A run goes on with passes of as many steps as it began with, {started.StepsPerEpoch}. Received: {Length.StepsPerEpoch}; " +
                "leave batch-size, accumulation and validation as they were.");
        }
        state.Restore(file, checkpoint);
        progress = checkpoint.Progress.Copy();
        progress.Steps = Length.Steps;
        history.Clear();
        plan.Clock.Forget();
        stop = stopping;
        foreach (TrainingEvent happened in before)
        {
            history.Add(happened);
            plan.Clock.Observe(happened);
        }
        evaluator.Taken(progress.Statistics);
        resumedFrom = file;
        if (best is not null)
        {
            TakeUpBest(checkpoint);
        }
    }

    /// <summary>Takes the weights of a checkpoint in place of those of the last step, once <see cref="Events"/> has ended.</summary>
    /// <param name="file">The checkpoint's file name, for messages.</param>
    /// <param name="checkpoint">A checkpoint of this run.</param>
    /// <exception cref="RecipeException">The checkpoint is of another recipe.</exception>
    public void TakeWeights(string file, Checkpoint checkpoint)
    {
        state.TakeTensors(file, checkpoint);
        evaluator.Taken(checkpoint.Progress.Statistics);
    }

    /// <summary>Scores of examples, shape [examples, classes] row by row, with the averaged weights where there are any.</summary>
    /// <param name="examples">Examples of the data set.</param>
    /// <param name="indices">Which of them; null for all.</param>
    public float[] Predict(Examples examples, int[]? indices = null) => evaluator.Predict(examples, indices);

    /// <summary>Measures the model on examples, with the averaged weights where there are any: accuracy, confusion, calibration.</summary>
    /// <param name="examples">Examples of the data set, such as its test examples.</param>
    /// <param name="split">What they are called.</param>
    /// <remarks>The temperature is fitted on the validation examples; it is 1 where the recipe sets none aside, or these do not show that it helps.</remarks>
    /// <exception cref="NotFiniteNumberException">A score is not finite: the weights are of no use.</exception>
    public Metrics.Evaluation Evaluate(Examples examples, string split = "test") => evaluator.Measure(examples, split);

    /// <summary>The weights and buffers to use the model with: averaged where the run averages, the best where the recipe ends with them.</summary>
    /// <remarks>They are copies, and the caller's.</remarks>
    public IReadOnlyList<KeyValuePair<string, Tensor>> FinalState() => evaluator.State();

    /// <inheritdoc/>
    public void Dispose()
    {
        best?.Dispose();
        update.Dispose();
        state.Dispose();
        training.Dispose();
    }

    IReadOnlyDictionary<string, string> Describe()
    {
        try
        {
            return TrainedModel.Describe(recipe, data, temperature: 1, catalog);
        }
        catch (RecipeException)
        {
            // Techniques of a program's own have no names to be read back by: its checkpoints are no models.
            return new Dictionary<string, string>();
        }
    }

    UpdateOutcome Update()
    {
        try
        {
            return state.Generators.Use(() => update.Run(plan.Clock, progress.Step, Length));
        }
        catch (ArgumentException e)
        {
            throw new RecipeException($"At step {progress.Step}: {e.Message}", e);
        }
    }

    IEnumerable<TrainingEvent> Opening()
    {
        if (resumedFrom is { } file)
        {
            // The log was cut to what the checkpoint knew of; that it was written is the next thing that happened.
            foreach (string reason in progress.Reasons)
            {
                yield return new CheckpointSaved { Step = progress.Step, Seconds = Now(), File = file, Reason = reason };
            }
            yield return new RunResumed { Step = progress.Step, Seconds = Now(), File = file };
            resumedFrom = null;
        }
        else if (progress.Events == 0)
        {
            yield return new RunStarted
            {
                Step = 0,
                Seconds = 0,
                Model = catalog.NameOf(recipe.Model),
                Parameters = Model.Parameters().Sum(named => named.Value.Value.Count),
                Steps = Length.Steps,
                StepsPerEpoch = Length.StepsPerEpoch,
                TrainingExamples = Split.Training.Length,
                ValidationExamples = Split.Validation.Length,
                Classes = data.Classes.Count,
                Seed = recipe.Seed,
            };
        }
    }

    TrainingEvent Happened(TrainingEvent happened)
    {
        history.Add(happened);
        plan.Clock.Observe(happened);
        progress.Events++;
        stop ??= rules.Decide(history);
        return happened;
    }

    // A rule that wanted to stop at the checkpoint's own step still wants to.
    StopReason? StopAt(long step, List<TrainingEvent> before) =>
        Enumerable.Range(0, before.Count).Where(i => before[i].Step == step)
            .Select(i => rules.Decide(before[..(i + 1)])).FirstOrDefault(reason => reason is not null);

    // The best weights of the run so far: those of this checkpoint, or of the one that the store has.
    void TakeUpBest(Checkpoint checkpoint)
    {
        if (checkpoint.Progress.Reasons.Contains("best"))
        {
            best!.Keep(checkpoint.Progress.Statistics);
        }
        else if (history.OfType<CheckpointSaved>().LastOrDefault(saved => saved is { Reason: "best", Error: null }) is { } saved
            && ReadBest(saved.File) is { } read)
        {
            using (read)
            using (Checkpoint now = new(new Progress(), [.. state.TensorsToKeep().Select(Copied)]))
            {
                state.TakeTensors(saved.File, read);
                best!.Keep(read.Progress.Statistics);
                state.TakeTensors(saved.File, now);
            }
        }

        static KeyValuePair<string, Tensor> Copied(KeyValuePair<string, Tensor> named)
        {
            using GradientMode.Restore unrecorded = GradientMode.Off();
            return KeyValuePair.Create(named.Key, TensorScope.Release(named.Value.Clone()));
        }
    }

    Checkpoint? ReadBest(string file)
    {
        try
        {
            return store?.Read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            // A damaged one is as good as none; whoever keeps the folder says so.
            return null;
        }
    }

    // What a run hands over is told one way: a model whose scores are not finite is none, however many steps it was trained for.
    Ending? Judged(Ending? ending) =>
        ending is { IsWorthSaving: true, IsInterruption: false } && !evaluator.IsOfUse(Split.Training) ? Ending.OfNoUse : ending;

    Ending? Due(bool interrupted) => Judged(
        Stopped() is { IsWorthSaving: false } diverged ? diverged
        : progress.Step >= Length.Steps ? Ending.Completed(progress.Step)
        : Stopped() ?? (interrupted ? Ending.Interrupted(progress.Step) : null));

    Ending? Stopped() => stop is null ? null : new Ending(stop.Outcome, stop.Reason);

    double Now() => secondsBefore + time.GetElapsedTime(startedAt).TotalSeconds;

    string[] ReasonsToSave(bool ends) =>
        [.. recipe.Checkpoints.Decide(history, progress.Step, ends).OfType<SaveCheckpoint>().Select(save => save.Reason)];

    CheckpointSaved[] Save(bool ends)
    {
        string[] reasons = ReasonsToSave(ends);
        if (reasons.Length == 0)
        {
            return [];
        }
        string file = $"step-{progress.Step:D8}.safetensors";
        progress.Reasons = reasons;
        progress.Seconds = Now();
        string? error = null;
        try
        {
            evaluator.FitStatistics();
            progress.Statistics = evaluator.Refresh;
            store!.Save(file, state.Capture(progress, description.Value));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = e.Message;
        }
        double seconds = Now();
        return [.. reasons.Select(reason => new CheckpointSaved { Step = progress.Step, Seconds = seconds, File = file, Reason = reason, Error = error })];
    }

    // Only once what replaces it is safe, and its event is out.
    void DeleteSuperfluous()
    {
        if (history[^1] is not CheckpointSaved)
        {
            return;
        }
        foreach (DeleteCheckpoint superfluous in recipe.Checkpoints.Decide(history, progress.Step).OfType<DeleteCheckpoint>())
        {
            try
            {
                store!.Delete(superfluous.File);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The policy names it again after the next save.
            }
        }
    }
}
