using Anneal.Durations;
using Anneal.Events;
using Anneal.Schedules;
using Anneal.Stopping;
using Anneal.Torch;
using Anneal.Training.Augmentation;
using Anneal.Training.Averaging;
using Anneal.Training.Checkpoints;
using Anneal.Training.Data;
using Anneal.Training.Initialization;
using Anneal.Training.Loop;
using Anneal.Training.Losses;
using Anneal.Training.Models;
using Anneal.Training.Modules;
using Anneal.Training.Recipes;
using Anneal.Training.Tests.Samples;

namespace Anneal.Training.Tests.Loop;

public class TrainingRunTests
{
    [Fact]
    public void LearnsWhatCanBeLearned()
    {
        IReadOnlyList<TrainingEvent> events = Small.Train(Small.Recipe with
        {
            Initialization = new He { HeadGain = 0 }, Duration = Duration.Epochs(6), LogEvery = Duration.Steps(1),
        });
        // Without an opinion every class has a third of the probability.
        Assert.Equal(Math.Log(3), events.OfType<StepEnded>().First().Loss, 1e-6);
        Assert.Equal(1, events.OfType<EpochEnded>().Last().TrainingAccuracy);
        Assert.Equal(1, events.OfType<Evaluated>().Last().Accuracy);
    }

    [Fact]
    public void TellsWhatHappensInOrder()
    {
        using MemoryStore store = new();
        IReadOnlyList<TrainingEvent> events = Small.Train(Small.Recipe with { Checkpoints = new() { Best = null } }, store);
        Assert.Equal(
            "RunStarted 0, StepEnded 2, StepEnded 4, EpochEnded 5, Evaluated 5, last 5, " +
            "StepEnded 6, StepEnded 8, StepEnded 10, EpochEnded 10, Evaluated 10, last 10, completed 10",
            Small.Outline(events));
        Assert.Equal([.. events.Select(happened => happened.Seconds).Order()], events.Select(happened => happened.Seconds));
    }

    [Fact]
    public void MeasuresAsOftenAsAskedAndAtTheEnd() => Assert.Equal(
        "RunStarted 0, Evaluated 4, EpochEnded 5, Evaluated 8, Evaluated 9, completed 9",
        Small.Outline(Small.Train(Small.Recipe with { EvaluateEvery = Duration.Steps(4), Duration = Duration.Steps(9), LogEvery = Duration.Steps(100) })));

    [Fact]
    public void SaysWhatIsAboutToBeTrained()
    {
        RunStarted started = (RunStarted)Small.Train(Small.Recipe)[0];
        Assert.Equal(
            new RunStarted
            {
                Step = 0, Seconds = 0, Model = "mlp", Parameters = (64 * 8) + 8 + (8 * 3) + 3, Steps = 10, StepsPerEpoch = 5,
                TrainingExamples = 48, ValidationExamples = 12, Classes = 3, Seed = 7,
            },
            started);
    }

    [Fact]
    public void TrainsWithoutValidationExamples() => Assert.Equal(
        "RunStarted 0, EpochEnded 6, last 6, EpochEnded 12, last 12, completed 12", Outline(Small.Recipe with { Validation = 0, LogEvery = Duration.Steps(100) }));

    [Fact]
    public void WritesTheScheduledValuesOfEachStep()
    {
        StepEnded[] steps = [.. Small.Train(Small.Recipe with { LearningRate = "linear(from=1, to=0)", LogEvery = Duration.Steps(5) }).OfType<StepEnded>()];
        // The value of a step is that of the updates made before it.
        Assert.Equal([0.6, 0.1], steps.Select(step => step.Values["learning-rate"]), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(["label-smoothing", "learning-rate", "momentum", "weight-decay"], steps[0].Values.Keys.Order());
    }

    [Fact]
    public void ShowsEachExampleOnceAPassInAnotherOrderEachPass()
    {
        // Every image is filled with its own index.
        Examples images = new([.. Enumerable.Range(0, 30).SelectMany(i => Enumerable.Repeat((byte)i, 4))], [.. Enumerable.Range(0, 30).Select(i => (byte)(i % 3))], new ImageShape(1, 2, 2));
        using Dataset data = new("numbered", images, new Examples(new byte[12], [0, 1, 2], new ImageShape(1, 2, 2)), ["a", "b", "c"]);
        List<int[]> batches = [];
        OnBatch spy = new((batch, _) => batches.Add([.. batch.Images.ToArray<byte>().Where((_, place) => place % 4 == 0).Select(index => (int)index)]));
        using TrainingRun run = new(Small.Recipe with { Augmentation = [spy], BatchSize = 4, Accumulation = 2, Duration = Duration.Epochs(3) }, data);
        _ = run.Events().Count();

        int[] trained = run.Split.Training;
        Assert.Equal(24, trained.Length);
        int[][] passes = [.. batches.Chunk(6).Select(pass => pass.SelectMany(batch => batch).ToArray())];
        Assert.Equal(3, passes.Length);
        Assert.All(passes, pass => Assert.Equal(trained, pass.Order()));
        Assert.NotEqual(passes[0], passes[1]);
        Assert.NotEqual(passes[1], passes[2]);
        Assert.All(batches, batch => Assert.Equal(4, batch.Length));
    }

    [Theory]
    [InlineData(128, 1, 32, 4)]
    [InlineData(60, 1, 16, 4)]
    public void AccumulatedBatchesTrainAsOneLargeBatch(int batch, int accumulation, int smallBatch, int manySmall)
    {
        // 150 examples: the last window of a pass is a partial one, of 22 and of 30 with unequal parts.
        float[] Trained(int size, int parts)
        {
            using Dataset data = SmallData.Striped(perClass: 50);
            using TrainingRun run = new(Small.Recipe with { Validation = 0, BatchSize = size, Accumulation = parts, Duration = Duration.Epochs(2) }, data);
            _ = run.Events().Count();
            return [.. run.Model.Parameters().SelectMany(named => named.Value.Value.ToArray<float>())];
        }
        float[] large = Trained(batch, accumulation);
        float[] small = batch == 128 ? Trained(smallBatch, manySmall) : Trained(20, 3);
        Assert.All(large.Zip(small), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void ReportsLossAndAccuracyOfAPassByExample()
    {
        // With a rate of 0 the weights stay, and the mean over the batches of 10, 10, 10, 10 and 8 must be that over the examples.
        Recipe still = Small.Recipe with { LearningRate = 0 };
        using Dataset data = SmallData.Striped();
        using TrainingRun run = new(still, data);
        EpochEnded first = run.Events().OfType<EpochEnded>().First();
        float[] logits = run.Predict(data.Training, run.Split.Training);
        long[] labels = Array.ConvertAll(run.Split.Training, index => (long)data.Training.Labels[index]);
        Assert.Equal(Metrics.NegativeLogLikelihood.Mean(logits, 3, labels), first.TrainingLoss, 1e-6);
        Assert.Equal(Metrics.Accuracy.Top1(logits, 3, labels), first.TrainingAccuracy, 1e-12);
    }

    [Theory]
    [InlineData(1, "loss")]
    [InlineData(2, "gradient")]
    public void LeavesOutAStepWhoseNumbersAreNotFinite(int how, string cause)
    {
        using MemoryStore store = new();
        using Dataset data = SmallData.Striped();
        using TrainingRun run = new(
            Small.Recipe with
            {
                Model = new ConvNet { Widths = [2] },
                Loss = new SpoiledLoss { Spoiled = $"constant(0) for 3st then constant({how}) for 2st then constant(0)" },
                LogEvery = Duration.Steps(1),
            },
            data, store);
        Dictionary<long, Dictionary<string, string>> states = [];
        List<TrainingEvent> events = [];
        foreach (TrainingEvent happened in run.Events())
        {
            events.Add(happened);
            states.TryAdd(happened.Step, Bits.Of(run.Model));
        }
        Assert.Equal(
            [
                new StepSkipped { Step = 4, Seconds = 0, Cause = cause, InARow = 1, InTotal = 1 },
                new StepSkipped { Step = 5, Seconds = 0, Cause = cause, InARow = 2, InTotal = 2 },
            ],
            events.OfType<StepSkipped>().Select(skipped => skipped with { Seconds = 0 }));
        Assert.Equal(states[3], states[4]);
        Assert.Equal(states[3], states[5]);
        Assert.NotEqual(states[5], states[6]);
        // What was left out is not in the means either, and the optimizer did not count it.
        Assert.All(events.OfType<EpochEnded>(), epoch => Assert.True(double.IsFinite(epoch.TrainingLoss)));
        Assert.Equal((10, 8), (store.Newest.Progress.Step, store.Newest.Progress.OptimizerSteps));
        Assert.Equal("completed", ((RunEnded)events[^1]).Outcome);
    }

    [Fact]
    public void DivergesWhenTooManyStepsAreNotFinite()
    {
        using MemoryStore store = new();
        IReadOnlyList<TrainingEvent> events = Small.Train(
            Small.Recipe with
            {
                Loss = new SpoiledLoss { Spoiled = "constant(0) for 7st then constant(1)" },
                Stop = [new NonFiniteSteps { InARow = 3 }],
                LogEvery = Duration.Steps(100),
            },
            store);
        Assert.Equal(
            "RunStarted 0, EpochEnded 5, Evaluated 5, best 5, StepSkipped 8, StepSkipped 9, StepSkipped 10, EpochEnded 10, diverged 10", Small.Outline(events));
        Assert.Equal(
            "The loss was not finite in 3 steps in a row, last at step 10. Try a third of the learning rate, a longer warmup, gradient clipping, or float32 precision.",
            ((RunEnded)events[^1]).Reason);
        // What led astray is not worth going on from.
        Assert.Equal(["step-00000005.safetensors"], store.Files.Keys);
    }

    [Fact]
    public void TakesTechniquesOfYourOwnAtEverySeam()
    {
        int batches = 0;
        int updates = 0;
        using Dataset data = SmallData.Striped();
        using TrainingRun run = new(
            Small.Recipe with
            {
                Model = new OwnModel(),
                Loss = new SpoiledLoss(),
                Augmentation = [new OnBatch((_, _) => batches++)],
                Gradients = [new OnUpdate(() => updates++, factor: 0)],
                Averaging = new ZeroAverage(),
                Stop = [new StopWhere(history => history[^1] is EpochEnded)],
            },
            data);
        Dictionary<string, string> before = Bits.Of(run.Model);
        IReadOnlyList<TrainingEvent> events = [.. run.Events()];

        Assert.Equal("RunStarted 0, StepEnded 2, StepEnded 4, EpochEnded 5, Evaluated 5, stopped 5", Small.Outline(events));
        Assert.Equal((5, 5), (batches, updates));
        // The factor 0 leaves the weights as they were, and the average of zeros is measured: every class is as likely.
        Assert.Equal(before, Bits.Of(run.Model));
        Evaluated evaluated = events.OfType<Evaluated>().Single();
        Assert.Equal((true, Math.Log(3)), (evaluated.Averaged, Math.Round(evaluated.Loss, 12)), (a, b) => a.Item1 == b.Item1 && Math.Abs(a.Item2 - b.Item2) < 1e-9);
        // A model of your own has its type's name, as it has no other.
        Assert.Equal("OwnModel", ((RunStarted)events[0]).Model);
    }

    [Fact]
    public void GivesTransformsTheirSchedulesAndRandomNumbersOfTheirOwn()
    {
        List<double> shares = [];
        List<uint>[] drawn = [[], [], []];
        OnBatch first = new(
            (_, context) =>
            {
                shares.Add(context.Values["share"]);
                drawn[0].Add(context.Random.NextUInt32());
            },
            KeyValuePair.Create("share", (ScheduleText)"linear(from=0, to=1)"));
        OnBatch second = new((_, context) => drawn[1].Add(context.Random.NextUInt32()));
        OnBatch alone = new((_, context) => drawn[2].Add(context.Random.NextUInt32()));
        IReadOnlyList<TrainingEvent> events = Small.Train(Small.Recipe with { Augmentation = [new HorizontalFlip(), first, second] });
        Small.Train(Small.Recipe with { Augmentation = [alone] });

        Assert.Equal(Enumerable.Range(0, 10).Select(step => step / 10.0), shares, (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(0.9, events.OfType<StepEnded>().Last().Values["share"], 1e-12);
        Assert.Equal(20, drawn[0].Concat(drawn[1]).Distinct().Count());
        Assert.Equal(drawn[0], drawn[2]);
    }

    [Fact]
    public void EndsAfterTheStepUnderWayWhenAskedTo()
    {
        using CancellationTokenSource source = new();
        int updates = 0;
        using MemoryStore store = new();
        using Dataset data = SmallData.Striped();
        using TrainingRun run = new(
            Small.Recipe with
            {
                Gradients =
                [
                    new OnUpdate(() =>
                    {
                        if (++updates == 3)
                        {
                            source.Cancel();
                        }
                    }),
                ],
            },
            data, store);
        Assert.Equal("RunStarted 0, StepEnded 2, last 3, interrupted 3", Small.Outline(run.Events(source.Token)));
        // To go on training, go on enumerating.
        Assert.StartsWith("StepEnded 4, EpochEnded 5", Small.Outline(run.Events()), StringComparison.Ordinal);
    }

    [Fact]
    public void StopsWhenPatienceIsUsedUp()
    {
        using MemoryStore store = new();
        IReadOnlyList<TrainingEvent> events = Small.Train(
            Small.Recipe with
            {
                LearningRate = 0,
                Duration = Duration.Epochs(20),
                LogEvery = Duration.Steps(1000),
                Stop = [new Patience { Metric = "validation-loss", Direction = Direction.Minimize, Measurements = 2 }],
            },
            store);
        Assert.Equal(
            "RunStarted 0, EpochEnded 5, Evaluated 5, best 5, EpochEnded 10, Evaluated 10, last 10, EpochEnded 15, Evaluated 15, last 15, stopped 15",
            Small.Outline(events));
    }

    [Fact]
    public void MeasuresOnceMoreWhereARuleStopsIt()
    {
        using Dataset data = SmallData.Striped();
        using TrainingRun run = new(Small.Recipe with { Stop = [new MaximumSeconds { Seconds = 8 }], LogEvery = Duration.Steps(1) }, data, time: new CountingTime());
        // The clock is read four times a step.
        Assert.Equal("RunStarted 0, StepEnded 1, StepEnded 2, Evaluated 2, stopped 2", Small.Outline(run.Events()));
    }

    [Fact]
    public void KeepsTheTwoNewestTheBestAndOneEverySoOften()
    {
        using MemoryStore store = new();
        IReadOnlyList<TrainingEvent> events = Small.Train(
            Small.Recipe with { LearningRate = 0, Duration = Duration.Epochs(6), Checkpoints = new() { KeepEverySteps = 15 } }, store);
        // With a rate of 0 the first measurement stays the best.
        Assert.Equal([5, 15, 25, 30], store.Files.Values.Select(checkpoint => checkpoint.Progress.Step));
        Assert.Equal(["best 5", "last 10", "every 15", "last 20", "last 25", "every 30"], events.OfType<CheckpointSaved>().Select(saved => $"{saved.Reason} {saved.Step}"));
    }

    [Fact]
    public void WritesOneFileForTwoReasons()
    {
        using MemoryStore store = new();
        IReadOnlyList<TrainingEvent> events = Small.Train(Small.Recipe with { LearningRate = 0, Checkpoints = new() { KeepEverySteps = 5 } }, store);
        Assert.Equal(["best 5", "every 5", "every 10"], events.OfType<CheckpointSaved>().Select(saved => $"{saved.Reason} {saved.Step}"));
        Assert.Equal(["best", "every"], store.Files[MemoryStore.FileOf(5)].Progress.Reasons);
    }

    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(UnauthorizedAccessException))]
    public void GoesOnWhereACheckpointCannotBeWritten(Type fault)
    {
        using MemoryStore store = new()
        {
            Fault = file => file == MemoryStore.FileOf(10) ? (Exception)Activator.CreateInstance(fault, "The disk is full.")! : null,
        };
        IReadOnlyList<TrainingEvent> events = Small.Train(Small.Recipe with { Duration = Duration.Epochs(3), Checkpoints = new() { Best = null, KeepLast = 1 } }, store);
        Assert.Equal([null, "The disk is full.", null], events.OfType<CheckpointSaved>().Select(saved => saved.Error));
        Assert.Equal("completed", ((RunEnded)events[^1]).Outcome);
        Assert.Equal([15], store.Files.Values.Select(checkpoint => checkpoint.Progress.Step));
    }

    [Fact]
    public void StopsWhereACheckpointCannotBeWrittenIfTheRecipeSaysSo()
    {
        using MemoryStore store = new() { Fault = file => file == MemoryStore.FileOf(10) ? new IOException("The disk is full.") : null };
        IReadOnlyList<TrainingEvent> events = Small.Train(
            Small.Recipe with { Duration = Duration.Epochs(3), Checkpoints = new() { Best = null, KeepLast = 1 }, Stop = [new CheckpointFailure()] }, store);
        Assert.Equal(("stopped", 10L), (((RunEnded)events[^1]).Outcome, events[^1].Step));
        Assert.Equal([5], store.Files.Values.Select(checkpoint => checkpoint.Progress.Step));
    }

    [Fact]
    public void GivesTheSameRunForTheSameSeed()
    {
        Recipe recipe = Small.Recipe with { Model = new Mlp { Hidden = [8], Dropout = 0.3 }, Augmentation = [new RandomCrop { Padding = 1 }] };
        Assert.Equal(Small.Timeless(Small.Train(recipe)), Small.Timeless(Small.Train(recipe)));
        Assert.NotEqual(Small.Timeless(Small.Train(recipe)), Small.Timeless(Small.Train(recipe with { Seed = 8 })));
    }

    [Fact]
    public void HandsOutTheAveragedWeightsAsItsFinalState()
    {
        using MemoryStore store = new();
        using Dataset data = SmallData.Striped();
        using TrainingRun run = new(Small.Recipe with { Averaging = new ExponentialMovingAverage { Decay = 0.9 } }, data, store);
        _ = run.Events().Count();
        IReadOnlyList<KeyValuePair<string, Tensor>> state = run.FinalState();
        Dictionary<string, string> averages = Bits.Of(
            store.Newest.Tensors.Where(named => named.Key.StartsWith("average.", StringComparison.Ordinal)).Select(named => KeyValuePair.Create(named.Key[8..], named.Value)));
        Assert.Equal(averages, Bits.Of(state));
        Assert.NotEqual(averages, Bits.Of(run.Model));
        foreach ((_, Tensor tensor) in state)
        {
            tensor.Dispose();
        }
    }

    public static TheoryData<string, string> Unfit => new()
    {
        { "classes=11", "classes: a model's classes must be the data's. Received: 11 classes for striped, which has 3." },
        { "duration=0.5run", "duration: a run's own length must be in epochs, steps or samples. Received: 0.5run." },
        { "duration=0ep", "duration: a run must have at least one step. Received: 0ep." },
        { "duration=1e300ep", "duration: A duration must be at most 2^53 steps. Received: 1e" },
        { "evaluate-every=0st", "evaluate-every: the time between two must be above 0. Received: 0st." },
        { "log-every=0", "log-every: the time between two must be above 0. Received: 0st." },
        { "validation=0.001", "validation: a share above 0 must set an example aside. Received: 0.001 of 60." },
        { "evaluate-every=1e300ep", "evaluate-every: A duration must be at most 2^53 steps." },
        { "batch-size=2000000000", "batch-size: an update must be of at most 2147483647 examples. Received: 2000000000 × 2 accumulated." },
        { "learning-rate=linear(from=0.1, to=-0.1)", "learning-rate: a scheduled value must be at least 0. Received: -0." },
        { "learning-rate=linear(from=0, to=0.1) for 30ep then constant(0.1)", "learning-rate: " },
        { "model=resnet9", "model: ResNet9 halves the image three times and needs at least 8×8 pixels. Received: 1×4×4." },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public void RefusesARecipeThatDoesNotFit(string value, string message)
    {
        using Dataset data = SmallData.Striped(size: 4);
        string[] parts = value.Split('=', 2);
        Recipe recipe = RecipeText.With(Small.Recipe with { Accumulation = 2, BatchSize = 5 }, parts[0], parts[1]);
        RecipeException e = Assert.Throws<RecipeException>(() => new TrainingRun(recipe, data));
        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("learning-rate", "plateau(0.1)", "learning-rate")]
    [InlineData("stop", "[{name: patience, metric: validation-loss, direction: minimize, measurements: 2}]", "stop")]
    [InlineData("stop", "[{name: target-reached, metric: validation-accuracy, direction: maximize, target: 0.9}]", "stop")]
    [InlineData("final-weights", "best", "final-weights")]
    public void RefusesToWatchValidationExamplesWhereThereAreNone(string path, string value, string key)
    {
        Recipe recipe = RecipeText.With(Small.Recipe with { Validation = 0 }, path, value);
        Assert.Equal(
            $"{key}: what watches the validation examples needs some. Received: validation 0; set some aside, or watch training-loss.",
            Assert.Throws<RecipeException>(() => Small.Train(recipe)).Message);
    }

    [Fact]
    public void RefusesTheBestWeightsWhereNoBestIsKept() => Assert.Equal(
        "final-weights: the best are those of the best checkpoint, and the recipe must keep one. Received: checkpoints.best none.",
        Assert.Throws<RecipeException>(() => Small.Train(Small.Recipe with { FinalWeights = FinalWeights.Best, Checkpoints = new() { Best = null } })).Message);

    [Theory]
    [InlineData("optimizer.momentum", "constant(0.5) for 2st then constant(1.5) for 1st then constant(0.5)", "At step 2: momentum must be at least 0 and below 1. Received: 1.5.")]
    [InlineData("loss.smoothing", "constant(0) for 3st then constant(2)", "At step 3: label-smoothing must be from 0 to 1. Received: 2.")]
    [InlineData("loss.smoothing", "constant(0) for 3st then constant(2) for 1st then constant(0)", "At step 3: label-smoothing must be from 0 to 1. Received: 2.")]
    [InlineData("loss.class-weights", "[1, 2]", "At step 0: There must be a weight for each class. Received: 2 weights for 3 classes.")]
    public void RefusesAValueThatATechniqueWouldRefuseLater(string path, string value, string message)
    {
        using Dataset data = SmallData.Striped();
        Recipe recipe = RecipeText.With(Small.Recipe, path, value);
        Assert.Equal(message, Assert.Throws<RecipeException>(() => new TrainingRun(recipe, data)).Message);
    }

    [Fact]
    public void RefusesTwoScheduledValuesOfOneName()
    {
        using Dataset data = SmallData.Striped();
        OnBatch twice = new((_, _) => { }, KeyValuePair.Create("momentum", (ScheduleText)0.5));
        RecipeException e = Assert.Throws<RecipeException>(() => new TrainingRun(Small.Recipe with { Augmentation = [twice] }, data));
        Assert.Equal("Each scheduled value must have a name of its own. Received: 'momentum' twice; use one of the techniques that have it.", e.Message);
    }

    [Fact]
    public void LeavesNothingBehindWhereItCannotBegin()
    {
        using Dataset data = SmallData.Striped();
        long before = Tensor.LiveCount;
        Assert.Throws<InvalidOperationException>(() => new TrainingRun(Small.Recipe with { Averaging = new ZeroAverage(broken: true) }, data));
        Assert.Equal(before, Tensor.LiveCount);
    }

    static string Outline(Recipe recipe)
    {
        using MemoryStore store = new();
        return Small.Outline(Small.Train(recipe, store));
    }
}
