using Anneal.Durations;
using Anneal.Events;
using Anneal.Schedules;
using Anneal.Torch;
using Anneal.Training.Averaging;
using Anneal.Training.Checkpoints;
using Anneal.Training.Data;
using Anneal.Training.Initialization;
using Anneal.Training.Loop;
using Anneal.Training.Losses;
using Anneal.Training.Models;
using Anneal.Training.Optimizers;
using Anneal.Training.Recipes;
using Anneal.Training.Regularization;
using Anneal.Training.Tests.Samples;

namespace Anneal.Training.Tests.Loop;

public class WeightedLossTests
{
    // 48 examples and windows of 20: two whole ones and a last, partial one of eight.
    static readonly (int Size, int Parts)[] Divisions = [(20, 1), (10, 2), (4, 5), (1, 20)];

    public static TheoryData<string> Losses => [.. Named.Keys];

    static Dictionary<string, ILoss> Named { get; } = new()
    {
        ["class weights"] = new CrossEntropy { ClassWeights = [1, 3, 10] },
        ["class weights and smoothing"] = new CrossEntropy { ClassWeights = [1, 3, 10], Smoothing = 0.2 },
        ["a class without weight"] = new CrossEntropy { ClassWeights = [0, 1, 5] },
        ["a class without weight and smoothing"] = new CrossEntropy { ClassWeights = [0, 1, 5], Smoothing = 0.2 },
        ["large class weights"] = new CrossEntropy { ClassWeights = [1e6, 3e6, 1e7] },
        ["a loss of one's own, as a sum"] = new ByLabel(),
        ["a loss of one's own, as a mean"] = new ByLabel { AsMean = true },
        ["every example the same"] = new CrossEntropy(),
    };

    [Theory]
    [MemberData(nameof(Losses))]
    public void AnUpdateIsTheSameHoweverItIsDivided(string loss)
    {
        foreach (string duration in new[] { "1st", "3st" })
        {
            Recipe recipe = Plain with { Loss = Named[loss], Duration = Duration.Parse(duration) };
            Trained[] all = [.. Divisions.Select(by => Train(recipe with { BatchSize = by.Size, Accumulation = by.Parts }))];
            foreach (Trained other in all[1..])
            {
                Assert.All(all[0].Weights.Zip(other.Weights), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
                Assert.All(all[0].Steps.Zip(other.Steps), pair =>
                {
                    Assert.Equal(pair.First.Loss, pair.Second.Loss, 1e-5);
                    Assert.Equal(pair.First.GradientNorm, pair.Second.GradientNorm, 1e-4 * pair.First.GradientNorm);
                });
            }
        }
    }

    [Fact]
    public void AnUpdateOfSixteenExamplesIsTheOneByFormula()
    {
        // The gradient of Σ w·loss / Σ w by the bias of a linear layer is Σ w·(p − target) / Σ w: it follows from the scores.
        foreach ((int size, int parts) in new[] { (16, 1), (8, 2), (4, 4), (1, 16) })
        {
            List<long> seen = [];
            OnBatch spy = new((batch, _) => seen.AddRange(batch.Targets.ToArray<long>()));
            Recipe recipe = Plain with
            {
                Model = new Mlp { Hidden = [] }, Initialization = new He { HeadGain = 0 }, LearningRate = 1, Duration = Duration.Steps(1),
                Loss = Named["class weights"], Augmentation = [spy], BatchSize = size, Accumulation = parts,
            };
            using TensorScope scope = new();
            using Dataset data = SmallData.Striped(perClass: 16);
            using TrainingRun run = new(recipe, data);
            _ = run.Events().Count();
            double[] weights = [1, 3, 10];
            double total = seen.Sum(label => weights[label]);
            float[] bias = run.Model.Parameters().First(named => named.Key.EndsWith("bias", StringComparison.Ordinal))
                .Value.Value.Detach().ToArray<float>();
            Assert.Equal(16, seen.Count);
            for (int c = 0; c < 3; c++)
            {
                Assert.Equal(seen.Sum(label => weights[label] * ((label == c ? 1 : 0) - (1 / 3.0))) / total, bias[c], 1e-6);
            }
        }
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(7, 2)]
    [InlineData(1, 20)]
    public void TheLossOfAPassIsOverTheWeightsOfItsExamples(int size, int parts)
    {
        // With a rate of 0 the weights stay: the mean must be Σ w·loss / Σ w over all examples.
        Recipe still = Plain with
        {
            LearningRate = 0, Loss = Named["class weights"], BatchSize = size, Accumulation = parts, LogEvery = "1ep", Duration = "1ep",
        };
        using Dataset data = SmallData.Striped(perClass: 16);
        using TrainingRun run = new(still, data);
        List<TrainingEvent> events = [.. run.Events()];
        float[] logits = run.Predict(data.Training);
        double[] weights = [1, 3, 10];
        double sum = 0, total = 0;
        for (int i = 0; i < data.Training.Count; i++)
        {
            int label = data.Training.Labels[i];
            double weight = weights[label];
            sum += weight * Metrics.NegativeLogLikelihood.Mean(logits.AsSpan(3 * i, 3), 3, [label]);
            total += weight;
        }
        Assert.Equal(sum / total, events.OfType<EpochEnded>().Single().TrainingLoss, 1e-6);
        Assert.Equal(sum / total, events.OfType<StepEnded>().Single().Loss, 1e-6);
    }

    [Fact]
    public void AccumulationStaysTheSameToTheBitWhereEveryExampleWeighsTheSame()
    {
        // A mean says nothing of weights; saying that each is 1 or 8 changes nothing.
        Recipe recipe = Plain with { Loss = new ByLabel { AsMean = true, Power = 0 }, BatchSize = 7, Accumulation = 3, Duration = "2ep" };
        Assert.Equal(Train(recipe with { Loss = new MeanOnly() }).Weights, Train(recipe).Weights);
        Assert.Equal(Train(recipe).Weights, Train(recipe with { Loss = new ByLabel { AsMean = true, Power = 0, Times = 8 } }).Weights);
    }

    [Fact]
    public void ABatchWithoutWeightIsNoDivergence()
    {
        // Batches of two of three classes, one of them without weight: some have none at all.
        IReadOnlyList<TrainingEvent> events = Small.Train(
            Small.Recipe with { Loss = new CrossEntropy { ClassWeights = [0, 1, 1] }, BatchSize = 2, LogEvery = "1st", Duration = "3ep" });
        Assert.Empty(events.OfType<StepSkipped>());
        Assert.Equal("completed", events.OfType<RunEnded>().Single().Outcome);
        Assert.All(events.OfType<StepEnded>(), step => Assert.True(double.IsFinite(step.Loss)));
        Assert.All(events.OfType<EpochEnded>(), epoch => Assert.True(double.IsFinite(epoch.TrainingLoss)));
    }

    [Fact]
    public void AClassWithoutWeightTrainsAsIfItWereNotThere()
    {
        Recipe recipe = Plain with { Duration = "2st" };
        Trained one = Train(recipe with { Loss = new WithoutClass0(), BatchSize = 48 });
        foreach ((int size, int parts) in new[] { (48, 1), (16, 3), (1, 48) })
        {
            CrossEntropy weighted = new() { ClassWeights = [0, 1, 1] };
            Trained other = Train(recipe with { Loss = weighted, BatchSize = size, Accumulation = parts });
            Assert.All(one.Weights.Zip(other.Weights), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        }
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("adamw")]
    public void AnUpdateWithoutWeightChangesNothing(string optimizer)
    {
        // All weights 0 from the fourth update on: no decay, no momentum, no average, no running statistics.
        Recipe recipe = Plain with
        {
            Model = new ConvNet { Widths = [2] },
            Optimizer = optimizer == "sgd" ? new Sgd { Momentum = 0.9, WeightDecay = 0.1 } : new AdamW { WeightDecay = 0.1 },
            Averaging = new ExponentialMovingAverage(),
            Gradients = [new ClipGradientNorm()],
            WeightNoise = 0.01,
            LearningRate = 0.05,
            BatchSize = 8,
            Duration = "3st",
            Checkpoints = new() { Best = null, LastEverySteps = 1 },
            // What is measured to evaluate with is drawn by the step.
            NormalizationStatistics = NormalizationStatistics.Running,
        };
        using MemoryStore three = new(), six = new();
        Train(recipe with { Loss = new WhileItWeighs() }, three);
        WhileItWeighs untilStep3 = new() { Weighs = "constant(1) for 3st then constant(0)" };
        Trained longer = Train(recipe with { Loss = untilStep3, Duration = "6st" }, six);
        Assert.Equal(Bits.Of(three.Newest.Tensors), Bits.Of(six.Newest.Tensors));
        Assert.Equal(three.Newest.Progress.OptimizerSteps, six.Newest.Progress.OptimizerSteps);
        Assert.Equal(6, six.Newest.Progress.Step);
        Assert.Equal("completed", longer.Ended.Outcome);
        Assert.Equal(0, six.Newest.Progress.SkippedInTotal);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void ALossWhoseWeightIsNotFiniteIsSkipped(double weight)
    {
        IReadOnlyList<TrainingEvent> events = Small.Train(
            Small.Recipe with { Loss = new Weighing { Weight = weight }, Duration = "2st", Stop = [] });
        Assert.Equal(["loss", "loss"], events.OfType<StepSkipped>().Select(skipped => skipped.Cause));
    }

    [Fact]
    public void ANegativeWeightIsRefused()
    {
        using Dataset data = SmallData.Striped();
        using TrainingRun run = new(Small.Recipe with { Loss = new Weighing { Weight = -2 } }, data);
        RecipeException e = Assert.Throws<RecipeException>(() => run.Events().Count());
        Assert.EndsWith("The weight of a loss must be at least 0. Received: -2.", e.Message);
    }

    [Fact]
    public void AStateFromBeforeWeightsCountsEachExampleOnce()
    {
        Progress before = Progress.FromJson(
            """{"step":3,"steps":10,"events":4,"log":{"loss":12,"correct":5,"examples":24,"since":1},"epoch":{"loss":12,"correct":5,"examples":24,"since":1}}""");
        Assert.Equal(24, before.Log.TotalWeight);
        Assert.Equal(24, Progress.FromJson(before.ToJson()).Epoch.TotalWeight);
    }

    static Recipe Plain => Small.Recipe with
    {
        Validation = 0,
        Optimizer = new Sgd { Momentum = 0 },
        LearningRate = 0.2,
        LogEvery = Duration.Steps(1),
    };

    static Trained Train(Recipe recipe, MemoryStore? store = null)
    {
        using Dataset data = SmallData.Striped(perClass: 16);
        return Train(recipe, data, store);
    }

    static Trained Train(Recipe recipe, Dataset data, MemoryStore? store = null)
    {
        using TensorScope scope = new();
        using TrainingRun run = new(recipe, data, store);
        TrainingEvent[] events = [.. run.Events()];
        return new Trained(
            [.. run.Model.Parameters().SelectMany(named => named.Value.Value.Detach().ToArray<float>())],
            [.. events.OfType<StepEnded>()],
            (RunEnded)events[^1]);
    }

    sealed record Trained(float[] Weights, StepEnded[] Steps, RunEnded Ended);

    /// <summary>An example of class c weighs (c + 1)^power.</summary>
    sealed record ByLabel : ILoss
    {
        public bool AsMean { get; init; }

        public double Power { get; init; } = 2;

        public double Times { get; init; } = 1;

        public IReadOnlyList<KeyValuePair<string, ScheduleText>> Schedules => [];

        public LossValue Compute(LossContext context)
        {
            Tensor weights = (context.Targets.To(DType.Float32) + 1).Pow(Power) * Times;
            Tensor each = -context.Logits.LogSoftmax(1).Gather(1, context.Targets.Unsqueeze(1)).Reshape(-1);
            return AsMean && Power == 0 ? LossValue.OfMean(each.Mean(), Times * each.Size(0))
                : AsMean ? LossValue.OfMean((each * weights).Sum() / weights.Sum(), weights.Sum().ToDouble())
                : LossValue.OfSum((each * weights).Sum(), weights.Sum());
        }
    }

    sealed record MeanOnly : ILoss
    {
        public IReadOnlyList<KeyValuePair<string, ScheduleText>> Schedules => [];

        public LossValue Compute(LossContext context) =>
            (-context.Logits.LogSoftmax(1).Gather(1, context.Targets.Unsqueeze(1)).Reshape(-1)).Mean();
    }

    /// <summary>The mean over the examples of the other classes.</summary>
    sealed record WithoutClass0 : ILoss
    {
        public IReadOnlyList<KeyValuePair<string, ScheduleText>> Schedules => [];

        public LossValue Compute(LossContext context)
        {
            long[] labels = context.Targets.ToArray<long>();
            Tensor rows = Tensor.From([.. Enumerable.Range(0, labels.Length).Where(i => labels[i] != 0).Select(i => (long)i)]);
            return rows.Count == 0 ? LossValue.OfMean(context.Logits.Sum(), 0)
                : Tensor.CrossEntropy(context.Logits.IndexSelect(0, rows), context.Targets.IndexSelect(0, rows));
        }
    }

    /// <summary>Updates that weigh 0 have a mean of 0/0.</summary>
    sealed record WhileItWeighs : ILoss
    {
        public ScheduleText Weighs { get; init; } = 1;

        public IReadOnlyList<KeyValuePair<string, ScheduleText>> Schedules => [KeyValuePair.Create("weighs", Weighs)];

        public LossValue Compute(LossContext context) => context.Values["weighs"] == 1
            ? Tensor.CrossEntropy(context.Logits, context.Targets)
            : LossValue.OfMean(context.Logits.Sum() * 0 / 0, 0);
    }

    sealed record Weighing : ILoss
    {
        public double Weight { get; init; }

        public IReadOnlyList<KeyValuePair<string, ScheduleText>> Schedules => [];

        public LossValue Compute(LossContext context)
        {
            Tensor loss = Tensor.CrossEntropy(context.Logits, context.Targets);
            return LossValue.OfSum(loss, (loss.Detach() * 0) + Weight);
        }
    }
}
