using Anneal.Durations;
using Anneal.Events;
using Anneal.Torch;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Models;
using Anneal.Training.Modules;
using Anneal.Training.Optimizers;
using Anneal.Training.Recipes;
using Anneal.Training.Regularization;
using Anneal.Training.Tests.Samples;

namespace Anneal.Training.Tests.Regularization;

public class WeightNoiseTests
{
    [Fact]
    public void AddsGaussianNoiseToWeightsAndTakesItOffAgainBitForBit()
    {
        using TensorScope scope = new();
        using Module model = new Sequential(new Flatten(), new Linear(300, 200), new BatchNorm2d(200), new Linear(200, 100));
        Noise.Fill(model);
        Dictionary<string, string> before = Bits.Of(model);
        float[] clean = Values(model, "1.weight");
        Generator.Seed(Device.Cpu, 3);
        using WeightNoise noise = new(model);

        noise.Add(0.075);
        Dictionary<string, string> noisy = Bits.Of(model);
        Assert.Equal(["1.weight", "3.weight"], noisy.Keys.Where(path => noisy[path] != before[path]).Order());
        double[] drawn = [.. Values(model, "1.weight").Zip(clean, (now, then) => (double)now - then)];
        // 60,000 draws: a mean within four standard errors, a deviation within 2 %.
        Assert.Equal(0, drawn.Average(), 4 * 0.075 / Math.Sqrt(drawn.Length));
        Assert.Equal(0.075, Math.Sqrt(drawn.Average(value => value * value)), 0.0015);

        noise.Remove();
        Assert.Equal(before, Bits.Of(model));

        noise.Add(0.075);
        Assert.NotEqual(noisy["1.weight"], Bits.Of(model)["1.weight"]);
        noise.Remove();
        Assert.Equal(before, Bits.Of(model));
    }

    [Fact]
    public void DrawsNothingWhereTheDeviationIsZero()
    {
        using MemoryStore without = new();
        using MemoryStore zero = new();
        Small.Train(Small.Recipe, without);
        Small.Train(Small.Recipe with { WeightNoise = 0 }, zero);
        Assert.Equal(Bits.Of(without.Newest.Tensors), Bits.Of(zero.Newest.Tensors));
        Assert.Equal(without.Newest.Progress.Generator, zero.Newest.Progress.Generator);
    }

    [Fact]
    public void BeginsAtItsStepAndKeepsTheWeightsClean()
    {
        // With no rate the weights stay what they were, however much noise the losses saw.
        Recipe still = Small.Recipe with { LearningRate = 0, Duration = Duration.Steps(10), LogEvery = Duration.Steps(1) };
        using MemoryStore quiet = new();
        using MemoryStore noisy = new();
        double[] clean = Losses(still, quiet);
        double[] disturbed = Losses(still with { WeightNoise = "constant(0) for 4st then constant(0.5)" }, noisy);
        Assert.Equal(clean[..4], disturbed[..4]);
        Assert.All(Enumerable.Range(4, 6), step => Assert.NotEqual(clean[step], disturbed[step]));
        Assert.Equal(Bits.Of(quiet.Newest.Tensors.Where(IsWeight)), Bits.Of(noisy.Newest.Tensors.Where(IsWeight)));
    }

    [Fact]
    public void TheCleanWeightsTakeTheGradientOfTheNoisyOnes()
    {
        // For one linear layer the gradient at any weights follows from the scores: what the update moves by tells which it was.
        Recipe one = Small.Recipe with { Model = new Mlp { Hidden = [] }, Duration = Duration.Steps(1), Optimizer = new Sgd { Momentum = 0 }, LearningRate = 1, Validation = 0 };
        using TensorScope scope = new();
        using Dataset data = SmallData.Striped();
        (float[] before, float[] clean) = Moved(one, data);
        (float[] same, float[] noisy) = Moved(one with { WeightNoise = 3 }, data);
        Assert.Equal(before, same);
        Assert.NotEqual(clean, noisy);
        // No gradient of a softmax of inputs of this size comes near noise of σ = 3: none of it stayed in the weights.
        double moved = Math.Sqrt(noisy.Zip(before, (after, then) => Math.Pow(after - then, 2)).Average());
        Assert.InRange(moved, 1e-4, 1);
    }

    [Fact]
    public void ASkippedStepLeavesTheWeightsClean()
    {
        Recipe spoiled = Small.Recipe with { Loss = new SpoiledLoss { Spoiled = 1 }, Duration = Duration.Steps(3), WeightNoise = 0.5, Stop = [] };
        using TensorScope scope = new();
        using Dataset data = SmallData.Striped();
        using TrainingRun run = new(spoiled, data);
        Dictionary<string, string> before = Bits.Of(run.Model);
        Assert.Equal(3, run.Events().OfType<StepSkipped>().Count());
        Assert.Equal(before, Bits.Of(run.Model));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void RefusesADeviationThatIsNone(double deviation)
    {
        using Module model = new Linear(2, 2);
        using WeightNoise noise = new(model);
        Assert.Equal($"weight-noise must be at least 0. Received: {deviation}.", Assert.Throws<ArgumentException>(() => noise.Add(deviation)).Message);
    }

    static (float[] Before, float[] After) Moved(Recipe recipe, Dataset data)
    {
        using TrainingRun run = new(recipe, data);
        float[] before = Values(run.Model, "1.weight");
        foreach (TrainingEvent _ in run.Events())
        {
        }
        return (before, Values(run.Model, "1.weight"));
    }

    static bool IsWeight(KeyValuePair<string, Tensor> named) => named.Key.StartsWith("model.", StringComparison.Ordinal);

    static double[] Losses(Recipe recipe, MemoryStore store) => [.. Small.Train(recipe, store).OfType<StepEnded>().Select(step => step.Loss)];

    static float[] Values(Module model, string path) => model.Parameters().First(named => named.Key == path).Value.Value.Detach().ToArray<float>();
}
