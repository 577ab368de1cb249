using Anneal.Calibration;
using Anneal.Durations;
using Anneal.Events;
using Anneal.Stopping;
using Anneal.Torch;
using Anneal.Training.Averaging;
using Anneal.Training.Checkpoints;
using Anneal.Training.Data;
using Anneal.Training.Evaluation;
using Anneal.Training.Models;
using Anneal.Training.Modules;
using Anneal.Training.Optimizers;
using Anneal.Training.Recipes;

namespace Anneal.Training.Loop;

/// <summary>One execution of a recipe. It trains while <see cref="Events"/> is enumerated; to stop training, stop enumerating.</summary>
public sealed class TrainingRun : IDisposable
{
    readonly Recipe recipe;
    readonly Dataset data;
    readonly ICheckpointStore? store;
    readonly TimeProvider time;
    readonly ScheduleClock clock;
    readonly UpdateStep update;
    readonly IOptimizer optimizer;
    readonly IBoundAverage? average;
    readonly List<TrainingEvent> history = [];
    readonly long evaluateEvery;
    readonly long logEvery;
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
    /// <exception cref="RecipeException">The recipe does not fit the data.</exception>
    public TrainingRun(Recipe recipe, Dataset data, ICheckpointStore? store = null, Device? device = null, TimeProvider? time = null)
    {
        this.recipe = recipe;
        this.data = data;
        this.store = store;
        this.time = time ?? TimeProvider.System;
        description = new(Describe);
        Split = DataSplit.Stratified(data.Training.Labels, recipe.Validation, recipe.Seed);
        if (recipe.Classes is { } classes && classes != data.Classes.Count)
        {
            throw new RecipeException($"classes: a model's classes must be the data's. Received: {classes} classes for {data.Name}, which has {data.Classes.Count}.");
        }
        if (Split.Training.Length == 0)
        {
            throw new RecipeException($"validation: at least one example must be left to train on. Received: {recipe.Validation} of {data.Training.Count}.");
        }
        if (recipe.Validation > 0 && Split.Validation.Length == 0)
        {
            throw new RecipeException($"validation: a share above 0 must set an example aside. Received: {recipe.Validation} of {data.Training.Count}.");
        }
        Length = LengthOf(recipe, Split.Training.Length);
        clock = new ScheduleClock(recipe, Length);
        if (recipe.FinalWeights == FinalWeights.Best && recipe.Checkpoints.Best is null)
        {
            throw new RecipeException("final-weights: the best are those of the best checkpoint, and the recipe must keep one. Received: checkpoints.best none.");
        }
        if (Split.Validation.Length == 0 && NeedsValidation() is { } watching)
        {
            throw new RecipeException($"{watching}: what watches the validation examples needs some. Received: validation {recipe.Validation}; set some aside, or watch training-loss.");
        }
        evaluateEvery = Interval("evaluate-every", recipe.EvaluateEvery);
        logEvery = Interval("log-every", recipe.LogEvery);
        rules = new FirstToStop(recipe.Stop);
        Model = BuildModel(recipe, data);
        try
        {
            recipe.Initialization.Apply(Model, recipe.Seed);
            Execution = Execution.Choose(recipe, device ?? Device.Cpu, Model, data.Shape);
            Model.To(Execution.Device, Execution.Layout);
            data.Training.To(Execution.Device);
            data.Test.To(Execution.Device);
            CheckValues();
            Generator.Seed(Device.Cpu, recipe.Seed);
            if (Execution.Device.IsCuda)
            {
                Generator.Seed(Execution.Device, recipe.Seed);
            }
            optimizer = recipe.Optimizer.Bind(Groups(recipe, Model));
            average = recipe.Averaging?.Bind(Model);
            BatchSource batches = new(
                data.Training, Split.Training, recipe.Augmentation, Normalization.Of(data, Execution.Layout), recipe.Seed);
            update = new UpdateStep(recipe, Model, optimizer, batches, Execution);
        }
        catch
        {
            average?.Dispose();
            optimizer?.Dispose();
            Model.Dispose();
            throw;
        }
        progress = new Progress { Steps = Length.Steps };
    }

    /// <summary>The network being trained.</summary>
    public Module Model { get; }

    /// <summary>How many updates, and how many of them a pass over the data takes.</summary>
    public RunLength Length { get; }

    /// <summary>Which examples are trained on and which are set aside.</summary>
    public DataSplit Split { get; }

    /// <summary>Device, precision and memory order in use.</summary>
    public Execution Execution { get; }

    /// <summary>Whether the run keeps an average of its weights, which evaluation then uses.</summary>
    public bool HasAverage => average is not null;

    /// <summary>Trains, and tells what happens as it happens. Going on enumerating later goes on training.</summary>
    /// <param name="cancellation">Ends the run after the step under way, with a checkpoint.</param>
    /// <exception cref="TorchException">libtorch failed, for one when memory ran out.</exception>
    /// <exception cref="RecipeException">A technique refuses a value that a schedule has come to.</exception>
    public IEnumerable<TrainingEvent> Events(CancellationToken cancellation = default)
    {
        (startedAt, secondsBefore) = (time.GetTimestamp(), progress.Seconds);
        foreach (TrainingEvent opening in Opening())
        {
            yield return Happened(opening);
        }
        Ending? ending = Due(interrupted: false);
        while (ending is null)
        {
            UpdateOutcome outcome = Update();
            progress.Step++;
            progress.Seconds = Now();
            if (outcome.NotFinite is { } cause)
            {
                progress.SkippedInARow++;
                progress.SkippedInTotal++;
                yield return Happened(new StepSkipped
                {
                    Step = progress.Step, Seconds = Now(), Cause = cause, InARow = progress.SkippedInARow, InTotal = progress.SkippedInTotal,
                });
            }
            else
            {
                progress.SkippedInARow = 0;
                average?.Update();
                Add(progress.Epoch, outcome);
                Add(progress.Log, outcome);
            }
            if (progress.Step % logEvery == 0 && progress.Log.Examples > 0)
            {
                yield return Happened(StepEnded(outcome));
            }
            if (progress.Step % Length.StepsPerEpoch == 0)
            {
                yield return Happened(EpochEnded());
            }
            bool done = progress.Step >= Length.Steps;
            if (Split.Validation.Length > 0 && (Stopped()?.IsWorthSaving ?? (done || progress.Step % evaluateEvery == 0)))
            {
                yield return Happened(Validate());
            }
            ending = Due(cancellation.IsCancellationRequested);
            if (store is not null && ending is not { IsWorthSaving: false })
            {
                foreach (CheckpointSaved saved in Save(ends: ending is not null))
                {
                    yield return Happened(saved);
                }
                DeleteSuperfluous();
                // That a checkpoint could not be written may be a reason to stop, too.
                ending ??= Stopped();
            }
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
            throw new RecipeException($"duration: a run that has made {checkpoint.Progress.Step} steps goes on to a later end only. Received: an end after {Length.Steps}.");
        }
        List<TrainingEvent> before = [.. past];
        if (before.OfType<RunStarted>().FirstOrDefault() is { } started && started.StepsPerEpoch != Length.StepsPerEpoch)
        {
            throw new RecipeException(
                $"A run goes on with passes of as many steps as it began with, {started.StepsPerEpoch}. Received: {Length.StepsPerEpoch}; leave batch-size, accumulation and validation as they were.");
        }
        List<(Tensor Source, Tensor Target)> pairs = Pair(file, checkpoint);
        // Nothing was changed until here, where it is known to fit.
        Copy(pairs);
        progress = checkpoint.Progress.Copy();
        progress.Steps = Length.Steps;
        optimizer.Steps = progress.OptimizerSteps;
        if (average is not null)
        {
            average.Updates = progress.AverageSteps;
        }
        Generator.SetState(Device.Cpu, progress.Generator);
        if (Execution.Device.IsCuda && progress.DeviceGenerator.Length > 0)
        {
            Generator.SetState(Execution.Device, progress.DeviceGenerator);
        }
        history.Clear();
        clock.Forget();
        stop = null;
        foreach (TrainingEvent happened in before)
        {
            history.Add(happened);
            clock.Observe(happened);
            // A rule that wanted to stop at the checkpoint's own step still wants to.
            if (happened.Step == progress.Step)
            {
                stop ??= rules.Decide(history);
            }
        }
        resumedFrom = file;
    }

    /// <summary>Takes the weights of a checkpoint in place of those of the last step, once <see cref="Events"/> has ended.</summary>
    /// <param name="file">The checkpoint's file name, for messages.</param>
    /// <param name="checkpoint">A checkpoint of this run.</param>
    /// <exception cref="RecipeException">The checkpoint is of another recipe.</exception>
    public void TakeWeights(string file, Checkpoint checkpoint) => Copy(Pair(file, checkpoint));

    /// <summary>Scores of examples, shape [examples, classes] row by row, with the averaged weights where there are any.</summary>
    /// <param name="examples">Examples of the data set.</param>
    /// <param name="indices">Which of them; null for all.</param>
    public float[] Predict(Examples examples, int[]? indices = null)
    {
        average?.Exchange();
        try
        {
            return Predictor.Logits(Model, examples, indices, Normalization.Of(data, Execution.Layout), Execution);
        }
        finally
        {
            average?.Exchange();
        }
    }

    /// <summary>Measures the model on examples, with the averaged weights where there are any: accuracy, confusion, calibration.</summary>
    /// <param name="examples">Examples of the data set, such as its test examples.</param>
    /// <param name="split">What they are called.</param>
    /// <remarks>The temperature is fitted on the validation examples; it is 1 where the recipe sets none aside, or these have no best one.</remarks>
    /// <exception cref="NotFiniteNumberException">A score is not finite: the weights are of no use.</exception>
    public Metrics.Evaluation Evaluate(Examples examples, string split = "test")
    {
        double temperature = 1;
        if (Split.Validation.Length > 0)
        {
            long[] labels = Array.ConvertAll(Split.Validation, index => (long)data.Training.Labels[index]);
            temperature = TemperatureScaling.Fit(Finite(Predict(data.Training, Split.Validation)), data.Classes.Count, labels);
            if (temperature is TemperatureScaling.Lowest or TemperatureScaling.Highest)
            {
                // All of the examples are right, or none is better than chance: they say nothing of how sure to be.
                temperature = 1;
            }
        }
        return SplitEvaluation.Measure(split, examples, null, Finite(Predict(examples)), data.Classes, temperature);

        static float[] Finite(float[] scores) =>
            Array.TrueForAll(scores, float.IsFinite) ? scores : throw new NotFiniteNumberException("Its scores are not all finite.");
    }

    /// <summary>The weights and buffers to use the model with: averaged where the run averages. They are copies, and the caller's.</summary>
    public IReadOnlyList<KeyValuePair<string, Tensor>> FinalState()
    {
        average?.Exchange();
        try
        {
            using GradientMode.Restore unrecorded = GradientMode.Off();
            return [.. Model.State().Select(named => KeyValuePair.Create(named.Key, TensorScope.Release(named.Value.Clone())))];
        }
        finally
        {
            average?.Exchange();
        }
    }

    /// <summary>How long a recipe trains on so many examples.</summary>
    public static RunLength LengthOf(Recipe recipe, int examples)
    {
        long perUpdate = (long)recipe.BatchSize * recipe.Accumulation;
        if (perUpdate > int.MaxValue)
        {
            throw new RecipeException($"batch-size: an update must be of at most {int.MaxValue} examples. Received: {recipe.BatchSize} × {recipe.Accumulation} accumulated.");
        }
        long perEpoch = (examples + perUpdate - 1) / perUpdate;
        if (recipe.Duration.Unit == DurationUnit.Run)
        {
            throw new RecipeException($"duration: a run's own length must be in epochs, steps or samples. Received: {recipe.Duration}.");
        }
        long steps = ToSteps("duration", recipe.Duration, new RunLength(1, perEpoch, (int)perUpdate));
        return steps >= 1
            ? new RunLength(steps, perEpoch, (int)perUpdate)
            : throw new RecipeException($"duration: a run must have at least one step. Received: {recipe.Duration}.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        update.Dispose();
        average?.Dispose();
        optimizer.Dispose();
        Model.Dispose();
    }

    // Less than a step means every step; nothing means nothing that a run could do.
    long Interval(string name, Duration duration) => duration.Amount > 0
        ? Math.Max(1, ToSteps(name, duration, Length))
        : throw new RecipeException($"{name}: the time between two must be above 0. Received: {duration}.");

    static long ToSteps(string name, Duration duration, RunLength length)
    {
        try
        {
            return duration.ToSteps(length);
        }
        catch (OverflowException e)
        {
            throw new RecipeException($"{name}: {e.Message}", e);
        }
    }

    List<(Tensor Source, Tensor Target)> Pair(string file, Checkpoint checkpoint)
    {
        Dictionary<string, Tensor> saved = new(checkpoint.Tensors);
        List<(Tensor Source, Tensor Target)> pairs = [];
        foreach ((string name, Tensor tensor) in AllTensors())
        {
            Tensor source = saved.GetValueOrDefault(name) ?? throw Unfit($"which has no '{name}'");
            if (source.DType != tensor.DType || !source.Shape.AsSpan().SequenceEqual(tensor.Shape))
            {
                throw Unfit($"whose '{name}' is {source} and not {tensor}");
            }
            pairs.Add((source, tensor));
            saved.Remove(name);
        }
        return saved.Count == 0 ? pairs : throw Unfit($"which has '{saved.Keys.First()}' that the run has no use for");

        RecipeException Unfit(string received) => new($"A checkpoint fits the recipe it was made with. Received: {file}, {received}.");
    }

    static void Copy(List<(Tensor Source, Tensor Target)> pairs)
    {
        using GradientMode.Restore unrecorded = GradientMode.Off();
        foreach ((Tensor source, Tensor target) in pairs)
        {
            target.CopyFrom(source);
        }
    }

    // The key of what watches a metric of the validation examples; null where nothing does.
    string? NeedsValidation() =>
        clock.NeedsValidation
        ?? (recipe.Stop.Any(rule => rule.Watched is { } metric && RunMetric.IsOfValidation(metric)) ? "stop"
        : recipe.FinalWeights == FinalWeights.Best && RunMetric.IsOfValidation(recipe.Checkpoints.Best!.Metric) ? "final-weights"
        : null);

    static Module BuildModel(Recipe recipe, Dataset data)
    {
        try
        {
            return recipe.Model.Build(data.Shape, data.Classes.Count);
        }
        catch (ArgumentException e)
        {
            throw new RecipeException($"model: {e.Message}", e);
        }
    }

    static IReadOnlyList<ParameterGroup> Groups(Recipe recipe, Module model)
    {
        try
        {
            return ParameterGroups.Of(model, recipe.RateFactors);
        }
        catch (ArgumentException e)
        {
            throw new RecipeException($"rate-factors: {e.Message}", e);
        }
    }

    IReadOnlyDictionary<string, string> Describe()
    {
        try
        {
            return TrainedModel.Describe(recipe, data, temperature: 1);
        }
        catch (RecipeException)
        {
            // Techniques of a program's own have no names to be read back by: its checkpoints are no models.
            return new Dictionary<string, string>();
        }
    }

    // What techniques would refuse during training is refused before a run's folder is made.
    void CheckValues()
    {
        using TensorScope scope = new();
        using GradientMode.Restore unrecorded = GradientMode.Off();
        Tensor logits = Tensor.Zeros([1, data.Classes.Count]).To(Execution.Device);
        Tensor targets = Tensor.Zeros([1], DType.Int64).To(Execution.Device);
        Dictionary<string, double> values = [];
        foreach (long step in ScheduleClock.KeySteps(Length))
        {
            clock.Read(step, values);
            try
            {
                recipe.Optimizer.Check(values);
                _ = recipe.Loss.Compute(logits, targets, values);
            }
            catch (ArgumentException e)
            {
                throw new RecipeException($"At step {step}: {e.Message}", e);
            }
        }
    }

    UpdateOutcome Update()
    {
        try
        {
            return update.Run(clock, progress.Step, Length);
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
                Model = RecipeText.Standard.NameOf(recipe.Model),
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
        clock.Observe(happened);
        progress.Events++;
        stop ??= rules.Decide(history);
        return happened;
    }

    Ending? Due(bool interrupted) =>
        Stopped() is { IsWorthSaving: false } diverged ? diverged
        : progress.Step >= Length.Steps ? Ending.Completed(progress.Step)
        : Stopped() ?? (interrupted ? Ending.Interrupted(progress.Step) : null);

    Ending? Stopped() => stop is null ? null : new Ending(stop.Outcome, stop.Reason);

    double Now() => secondsBefore + time.GetElapsedTime(startedAt).TotalSeconds;

    static void Add(RunningSums sums, UpdateOutcome outcome)
    {
        sums.Loss += outcome.LossSum;
        sums.Correct += outcome.Correct;
        sums.Examples += outcome.Examples;
    }

    StepEnded StepEnded(UpdateOutcome outcome)
    {
        RunningSums sums = progress.Log;
        double seconds = Now();
        StepEnded ended = new()
        {
            Step = progress.Step,
            Seconds = seconds,
            Epoch = (int)((progress.Step - 1) / Length.StepsPerEpoch),
            Loss = sums.Loss / sums.Examples,
            GradientNorm = outcome.GradientNorm,
            ExamplesPerSecond = sums.Examples / Math.Max(seconds - sums.Since, 1e-9),
            Values = new Dictionary<string, double>(update.Values),
        };
        progress.Log = new RunningSums { Since = seconds };
        return ended;
    }

    EpochEnded EpochEnded()
    {
        RunningSums sums = progress.Epoch;
        double seconds = Now();
        EpochEnded ended = new()
        {
            Step = progress.Step,
            Seconds = seconds,
            Epoch = (int)(progress.Step / Length.StepsPerEpoch) - 1,
            TrainingLoss = sums.Loss / sums.Examples,
            TrainingAccuracy = (double)sums.Correct / sums.Examples,
            ExamplesPerSecond = sums.Examples / Math.Max(seconds - sums.Since, 1e-9),
        };
        progress.Epoch = new RunningSums { Since = seconds };
        return ended;
    }

    Evaluated Validate()
    {
        float[] logits = Predict(data.Training, Split.Validation);
        long[] labels = Array.ConvertAll(Split.Validation, index => (long)data.Training.Labels[index]);
        return new Evaluated
        {
            Step = progress.Step,
            Seconds = Now(),
            Split = "validation",
            Loss = Metrics.NegativeLogLikelihood.Mean(logits, data.Classes.Count, labels),
            Accuracy = Metrics.Accuracy.Top1(logits, data.Classes.Count, labels),
            Examples = labels.Length,
            Epochs = (double)progress.Step / Length.StepsPerEpoch,
            Averaged = HasAverage,
        };
    }

    CheckpointSaved[] Save(bool ends)
    {
        string[] reasons = [.. recipe.Checkpoints.Decide(history, progress.Step, ends).OfType<SaveCheckpoint>().Select(save => save.Reason)];
        if (reasons.Length == 0)
        {
            return [];
        }
        string file = $"step-{progress.Step:D8}.safetensors";
        progress.Reasons = reasons;
        progress.OptimizerSteps = optimizer.Steps;
        progress.AverageSteps = average?.Updates ?? 0;
        progress.Generator = Generator.GetState(Device.Cpu);
        progress.DeviceGenerator = Execution.Device.IsCuda ? Generator.GetState(Execution.Device) : [];
        progress.Seconds = Now();
        string? error = null;
        try
        {
            store!.Save(file, new Checkpoint(progress.Copy(), [.. AllTensors()]) { Description = description.Value });
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

    IEnumerable<KeyValuePair<string, Tensor>> AllTensors() =>
    [
        .. Model.State().Select(named => KeyValuePair.Create("model." + named.Key, named.Value)),
        .. optimizer.Tensors.Select(named => KeyValuePair.Create("optimizer." + named.Key, named.Value)),
        .. (average?.Tensors ?? []).Select(named => KeyValuePair.Create("average." + named.Key, named.Value)),
    ];
}
