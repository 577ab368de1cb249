using Anneal.Durations;
using Anneal.Events;
using Anneal.Torch;
using Anneal.Training.Modules;
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

    static bool IsWeight(KeyValuePair<string, Tensor> named) => named.Key.StartsWith("model.", StringComparison.Ordinal);

    static double[] Losses(Recipe recipe, MemoryStore store) => [.. Small.Train(recipe, store).OfType<StepEnded>().Select(step => step.Loss)];

    static float[] Values(Module model, string path) => model.Parameters().First(named => named.Key == path).Value.Value.Detach().ToArray<float>();
}
