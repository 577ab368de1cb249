using Anneal.Durations;
using Anneal.Events;
using Anneal.Schedules;
using Anneal.Stopping;
using Anneal.Torch;
using Anneal.Training.Augmentation;
using Anneal.Training.Averaging;
using Anneal.Training.Checkpoints;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Models;
using Anneal.Training.Optimizers;
using Anneal.Training.Recipes;
using Anneal.Training.Regularization;
using Anneal.Training.Tests.Samples;

namespace Anneal.Training.Tests.Loop;

public class ResumeTests
{
    // Everything that has state: normalization, dropout, momentum, an average, augmentation, weight noise, sums over three logged steps,
    // skipped steps at 4 and 9, and windows of 2 × 5 with a partial one of 8 at the end of each pass of five steps.
    static readonly Recipe Everything = Small.Recipe with
    {
        Model = new ConvNet { Widths = [3], Dropout = 0.3 },
        Optimizer = new Sgd { Momentum = "linear(from=0.5, to=0.9)", Nesterov = true, WeightDecay = 0.01 },
        LearningRate = "linear(from=0, to=0.1) for 0.3run then linear(from=0.1, to=0)",
        Loss = new SpoiledLoss { Spoiled = "constant(0) for 3st then constant(1) for 1st then constant(0) for 4st then constant(2) for 1st then constant(0)" },
        Augmentation = [new RandomCrop { Padding = 1 }, new HorizontalFlip(), new Cutout { Size = 2 }],
        Gradients = [new ClipGradientNorm { Maximum = 0.5 }],
        WeightNoise = "constant(0) for 2st then constant(0.01)",
        Averaging = new ExponentialMovingAverage { Decay = 0.9 },
        BatchSize = 5,
        Accumulation = 2,
        Duration = Duration.Epochs(3),
        LogEvery = Duration.Steps(3),
        EvaluateEvery = Duration.Steps(4),
    };

    static readonly Dictionary<string, Recipe> Recipes = new()
    {
        ["sgd"] = Everything,
        ["adamw"] = Everything with { Optimizer = new AdamW(), LearningRate = 0.01 },
        // The stage of the convolution and its normalization.
        ["frozen"] = Everything with
        {
            Model = new ConvNet { Widths = [3, 3], Dropout = 0.3 },
            RateFactors = [new Anneal.Training.Rates.PathRate { Path = "0", Factor = 0 }],
        },
        ["weighted"] = Everything with { Loss = new Anneal.Training.Losses.CrossEntropy { ClassWeights = [0, 1, 3] } },
        // So fast that BatchNorm's running statistics do not fit, and others are measured.
        ["statistics"] = Everything with { Model = new ConvNet { Widths = [8] }, Optimizer = new Sgd { Momentum = 0.9 }, LearningRate = 0.5, WeightNoise = null },
        // It falls after every second measurement: none is ever a thousandth of the best loss.
        ["plateau"] = Everything with { LearningRate = "plateau(0.1, factor=0.5, patience=0, threshold=0.999)" },
    };

    public static TheoryData<string, long> Stops
    {
        get
        {
            TheoryData<string, long> stops = [];
            foreach (string name in Recipes.Keys)
            {
                // Within a logged interval, at skipped steps, at the ends of passes.
                for (long step = 1; step < 15; step++)
                {
                    stops.Add(name, step);
                }
            }
            return stops;
        }
    }

    [Theory]
    [MemberData(nameof(Stops))]
    public void GoesOnBitForBitFromACheckpointOfAnyStep(string name, long step)
    {
        Recipe recipe = Recipes[name];
        using Dataset data = SmallData.Striped();
        using MemoryStore uninterrupted = new();
        List<TrainingEvent> events = Train(recipe, data, uninterrupted);
        using MemoryStore each = new();
        List<TrainingEvent> saved = Train(recipe with { Checkpoints = new() { KeepEverySteps = 1 } }, data, each);
        // Saving changes nothing.
        Same(uninterrupted.Newest, each.Newest);
        Assert.Equal(WithoutSaves(events), WithoutSaves(saved));

        string file = MemoryStore.FileOf(step);
        Checkpoint checkpoint = each.Files[file];
        using MemoryStore resumed = new();
        using TrainingRun run = new(recipe, data, resumed);
        List<TrainingEvent> past = [.. saved.Take((int)checkpoint.Progress.Events)];
        // What the process did before must not matter.
        Generator.Seed(Device.Cpu, 1234);
        run.Restore(file, checkpoint, past);
        List<TrainingEvent> rest = [.. run.Events()];

        Same(uninterrupted.Newest, resumed.Newest);
        Assert.Equal(WithoutSaves(events), WithoutSaves([.. past, .. rest]));
        // The log begins with what it was cut off before: that the file was written, for each of its reasons.
        Assert.Equal(
            [.. checkpoint.Progress.Reasons.Select(reason => $"{reason} {step}"), $"RunResumed {step}"],
            rest.Take(checkpoint.Progress.Reasons.Count + 1).Select(happened => Small.Outline([happened])));
    }

    [Theory]
    [InlineData("sgd", 2)]
    [InlineData("sgd", 5)]
    [InlineData("adamw", 7)]
    public void GoesOnBitForBitAfterAnInterruption(string name, int updates)
    {
        Recipe recipe = Recipes[name];
        using Dataset data = SmallData.Striped();
        using MemoryStore uninterrupted = new();
        List<TrainingEvent> events = Train(recipe, data, uninterrupted);

        using CancellationTokenSource source = new();
        using MemoryStore store = new();
        List<TrainingEvent> first;
        int made = 0;
        OnUpdate cancel = new(() =>
        {
            if (++made == updates)
            {
                source.Cancel();
            }
        });
        using (TrainingRun run = new(recipe with { Gradients = [.. recipe.Gradients, cancel] }, data, store))
        {
            first = [.. run.Events(source.Token)];
        }
        Assert.Equal("interrupted", ((RunEnded)first[^1]).Outcome);
        Checkpoint checkpoint = store.Newest;
        Assert.Equal(first[^1].Step, checkpoint.Progress.Step);
        using TrainingRun again = new(recipe, data, store);
        List<TrainingEvent> past = [.. first.Take((int)checkpoint.Progress.Events)];
        again.Restore(store.Files.Last().Key, checkpoint, past);
        List<TrainingEvent> rest = [.. again.Events()];

        Same(uninterrupted.Newest, store.Newest);
        Assert.Equal(WithoutSaves(events), WithoutSaves([.. past, .. rest]));
    }

    [Fact]
    public void StopsWhereTheUninterruptedRunDoes()
    {
        Recipe recipe = Everything with
        {
            LearningRate = 0,
            Duration = Duration.Epochs(9),
            Stop = [new Patience { Metric = "validation-accuracy", Direction = Direction.Maximize, Measurements = 4 }],
        };
        using Dataset data = SmallData.Striped();
        using MemoryStore each = new();
        List<TrainingEvent> events = Train(recipe with { Checkpoints = new() { KeepEverySteps = 1 } }, data, each);
        // Measured at 4, 8, 12, 16 and 20 without an improvement since the first.
        Assert.Equal(("stopped", 20L), (((RunEnded)events[^1]).Outcome, events[^1].Step));
        // Also from the checkpoint of the very step that stopped it: that run does not train on.
        foreach (long step in new long[] { 4, 11, 19, 20 })
        {
            using TrainingRun run = new(recipe, data);
            Checkpoint checkpoint = each.Files[MemoryStore.FileOf(step)];
            run.Restore(MemoryStore.FileOf(step), checkpoint, events.Take((int)checkpoint.Progress.Events));
            Assert.Equal((RunEnded)events[^1] with { Seconds = 0 }, (RunEnded)run.Events().Last() with { Seconds = 0 });
        }
    }

    [Fact]
    public void TheStatisticsOfTheseTestsDoNotFit()
    {
        using Dataset data = SmallData.Striped();
        using MemoryStore store = new();
        Assert.Contains(Train(Recipes["statistics"], data, store).OfType<Evaluated>(), evaluated => evaluated.Statistics is not null);
    }

    [Fact]
    public void ThePlateauOfTheseTestsFalls()
    {
        // Measured at 4, 8 and 12 before the last step: the first sets the best, the others halve the rate.
        using Dataset data = SmallData.Striped();
        using MemoryStore store = new();
        Assert.Equal(0.025, Train(Recipes["plateau"], data, store).OfType<StepEnded>().Last().Values["learning-rate"], 1e-12);
    }

    [Fact]
    public void CountsSkippedStepsOn()
    {
        Recipe recipe = Small.Recipe with { Loss = new SpoiledLoss { Spoiled = "constant(0) for 2st then constant(1)" }, Stop = [new NonFiniteSteps { InARow = 6 }] };
        using Dataset data = SmallData.Striped();
        using MemoryStore each = new();
        List<TrainingEvent> events = Train(recipe with { Checkpoints = new() { KeepEverySteps = 1 } }, data, each);
        Assert.Equal(("diverged", 8L), (((RunEnded)events[^1]).Outcome, events[^1].Step));
        using TrainingRun run = new(recipe, data);
        Checkpoint checkpoint = each.Files[MemoryStore.FileOf(5)];
        run.Restore(MemoryStore.FileOf(5), checkpoint, events.Take((int)checkpoint.Progress.Events));
        Assert.Equal((RunEnded)events[^1] with { Seconds = 0 }, (RunEnded)run.Events().Last() with { Seconds = 0 });
    }

    [Fact]
    public void TheBestOfARunIsTheBestAfterAResume()
    {
        Recipe recipe = Small.Recipe with { Duration = Duration.Epochs(4) };
        using Dataset data = SmallData.Striped();
        using MemoryStore whole = new();
        List<TrainingEvent> events = Train(recipe, data, whole);
        using MemoryStore parts = new();
        using (TrainingRun first = new(recipe, data, parts))
        {
            _ = first.Events().TakeWhile(happened => happened is not StepEnded { Step: 12 }).Count();
        }
        using TrainingRun second = new(recipe, data, parts);
        second.Restore(MemoryStore.FileOf(10), parts.Files[MemoryStore.FileOf(10)], events.Take((int)parts.Newest.Progress.Events));
        _ = second.Events().Count();
        Assert.Equal(whole.Files.Keys, parts.Files.Keys);
    }

    [Fact]
    public void ARunThatIsDoneEndsAtOnce()
    {
        using Dataset data = SmallData.Striped();
        using MemoryStore store = new();
        List<TrainingEvent> events = Train(Small.Recipe, data, store);
        using TrainingRun run = new(Small.Recipe, data);
        run.Restore(MemoryStore.FileOf(10), store.Newest, events.Take((int)store.Newest.Progress.Events));
        Assert.EndsWith("RunResumed 10, completed 10", Small.Outline(run.Events()), StringComparison.Ordinal);
    }

    [Fact]
    public void ARunThatIsDoneGoesOnToALaterEndBitForBit()
    {
        // What its values depend on is steps, not its length.
        Recipe recipe = Everything with { Optimizer = new Sgd { Momentum = 0.9 }, LearningRate = "linear(from=0, to=0.1) for 4st then constant(0.1)", Duration = Duration.Epochs(2) };
        Recipe longer = recipe with { Duration = Duration.Epochs(3) };
        using Dataset data = SmallData.Striped();
        using MemoryStore store = new();
        List<TrainingEvent> events = Train(recipe, data, store);
        using TrainingRun whole = new(longer, data);
        _ = whole.Events().Count();
        Dictionary<string, string> bits = Bits.Of(whole.Model);

        using TrainingRun run = new(longer, data);
        run.Restore(MemoryStore.FileOf(10), store.Newest, events.Take((int)store.Newest.Progress.Events));
        Assert.EndsWith("completed 15", Small.Outline(run.Events()), StringComparison.Ordinal);
        Assert.Equal(bits, Bits.Of(run.Model));
    }

    [Fact]
    public void LeavesTheCheckpointAsItWas()
    {
        using Dataset data = SmallData.Striped();
        using MemoryStore store = new();
        List<TrainingEvent> events = Train(Small.Recipe, data, store);
        Checkpoint checkpoint = store.Files[MemoryStore.FileOf(5)];
        string before = checkpoint.Progress.ToJson();
        using TrainingRun run = new(Small.Recipe, data);
        run.Restore(MemoryStore.FileOf(5), checkpoint, events.Take((int)checkpoint.Progress.Events));
        _ = run.Events().Count();
        Assert.Equal(before, checkpoint.Progress.ToJson());
    }

    [Fact]
    public void RefusesACheckpointOfAnotherRecipe()
    {
        using Dataset data = SmallData.Striped();
        using MemoryStore store = new();
        List<TrainingEvent> events = Train(Small.Recipe, data, store);
        string Message(Recipe other)
        {
            using TrainingRun run = new(other, data);
            Dictionary<string, string> before = Bits.Of(run.Model);
            string message = Assert.Throws<RecipeException>(() => run.Restore("step-00000010.safetensors", store.Newest, events)).Message;
            Assert.Equal(before, Bits.Of(run.Model));
            return message;
        }
        Assert.Equal(
            "duration: a run that has made 10 steps goes on to a later end only. Received: an end after 5.",
            Message(Small.Recipe with { Duration = Duration.Epochs(1) }));
        Assert.Equal(
            "A run goes on with passes of as many steps as it began with, 5. Received: 10; leave batch-size, accumulation and validation as they were.",
            Message(Small.Recipe with { BatchSize = 5 }));
        Assert.Equal(
            "A checkpoint fits the recipe it was made with. Received: step-00000010.safetensors, whose 'model.1.weight' is Float32[8, 64] on cpu and not Float32[9, 64] on cpu.",
            Message(Small.Recipe with { Model = new Mlp { Hidden = [9] } }));
        Assert.Equal(
            "A checkpoint fits the recipe it was made with. Received: step-00000010.safetensors, which has no 'optimizer.mean.1.weight'.",
            Message(Small.Recipe with { Optimizer = new AdamW() }));
        Assert.Equal(
            "A checkpoint fits the recipe it was made with. Received: step-00000010.safetensors, which has no 'average.1.weight'.",
            Message(Small.Recipe with { Averaging = new ExponentialMovingAverage() }));
        Assert.Equal(
            "A checkpoint fits the recipe it was made with. Received: step-00000010.safetensors, which has 'optimizer.momentum.1.weight' that the run has no use for.",
            Message(Small.Recipe with { Optimizer = new Stateless() }));
    }

    sealed record Stateless : Optimizer
    {
        public override IReadOnlyList<KeyValuePair<string, ScheduleText>> Schedules => [];

        public override IOptimizer Bind(IReadOnlyList<ParameterGroup> groups) => new Bound();

        sealed class Bound : IOptimizer
        {
            public IReadOnlyList<KeyValuePair<string, Tensor>> Tensors => [];

            public long Steps { get; set; }

            public void Step(IReadOnlyDictionary<string, double> values, double gradientScale) => Steps++;

            public void Dispose()
            {
            }
        }
    }

    static List<TrainingEvent> Train(Recipe recipe, Dataset data, MemoryStore store)
    {
        using TrainingRun run = new(recipe, data, store);
        return [.. run.Events()];
    }

    static List<string> WithoutSaves(IEnumerable<TrainingEvent> events) =>
        [.. Small.Timeless(events.Where(happened => happened is not (CheckpointSaved or RunResumed)))];

    static void Same(Checkpoint expected, Checkpoint actual)
    {
        Assert.Equal(Bits.Of(expected.Tensors), Bits.Of(actual.Tensors));
        Assert.Equal(Timeless(expected.Progress).ToJson(), Timeless(actual.Progress).ToJson());
    }

    static Progress Timeless(Progress progress) => progress with
    {
        Seconds = 0, Events = 0, Reasons = [], Epoch = progress.Epoch with { Since = 0 }, Log = progress.Log with { Since = 0 },
    };
}
