using Anneal.Durations;
using Anneal.Events;
using Anneal.Training.Loop;
using Anneal.Training.Rates;
using Anneal.Training.Recipes;
using Anneal.Training.Tests.Samples;

namespace Anneal.Training.Tests.Rates;

public class BatchScalingTests
{
    [Theory]
    [InlineData(256, 1)]
    [InlineData(512, 2)]
    [InlineData(8192, 32)]
    [InlineData(64, 0.25)]
    public void LinearlyKTimesTheBatchHasKTimesTheRate(int batch, double factor) =>
        Assert.Equal(factor, new LinearScaling { Reference = 256 }.For(batch));

    [Theory]
    [InlineData(256, 1)]
    [InlineData(1024, 2)]
    [InlineData(64, 0.5)]
    public void BySquareRootFourTimesTheBatchHasTwiceTheRate(int batch, double factor) =>
        Assert.Equal(factor, new SquareRootScaling { Reference = 256 }.For(batch));

    [Fact]
    public void CountsAccumulatedPasses()
    {
        // 8 examples in 5 passes make an update of 40, five times the reference.
        Recipe recipe = Small.Recipe with { BatchSize = 8, Accumulation = 5, LearningRate = "linear(from=0.1, to=0)", BatchScaling = new LinearScaling { Reference = 8 } };
        ScheduleClock clock = new(recipe, RunPlan.LengthOf(recipe, 400));
        Dictionary<string, double> values = [];
        clock.Read(5, values);
        Assert.Equal(5 * 0.1 * 15 / 20, values["learning-rate"], 1e-15);
        // Nothing else is scaled.
        Assert.Equal(0.9, values["momentum"]);
    }

    [Fact]
    public void TrainsAsTheScaledRateDoes()
    {
        Recipe scaled = Small.Recipe with { LearningRate = 0.025, BatchScaling = new SquareRootScaling { Reference = 160 } };
        Recipe written = Small.Recipe with { LearningRate = 0.025 * 0.25 };
        Assert.Equal(LossesOf(written), LossesOf(scaled));
        Assert.NotEqual(LossesOf(written), LossesOf(Small.Recipe with { LearningRate = 0.025 }));
    }

    [Fact]
    public void RefusesAFactorThatIsNotTheRules()
    {
        LinearScaling scaling = new() { Reference = 256, Factor = 2 };
        Assert.Equal(2, scaling.For(512));
        ArgumentException e = Assert.Throws<ArgumentException>(() => scaling.For(1024));
        Assert.Equal("The factor must be what the rule comes to, 4 for 1024 examples in an update against 256, or none. Received: 2.", e.Message);
        Assert.StartsWith("batch-scaling: The factor must be", Assert.Throws<RecipeException>(() =>
            new ScheduleClock(new Recipe { BatchSize = 1024, BatchScaling = scaling }, new RunLength(10, 10, 1024))).Message);
    }

    [Theory]
    [InlineData("{name: linear}", "linear needs reference. Received: no values.")]
    [InlineData("{name: linear, reference: 0}", "The reference batch must be at least 1. Received: 0.")]
    [InlineData("{name: linear, reference: 8, factor: -1}", "The factor must be above 0. Received: -1.")]
    [InlineData("{name: sqrt, reference: 8}", "Known: linear, square-root.")]
    public void SaysWhatIsWrongWithIt(string text, string message) =>
        Assert.Contains(message, Assert.Throws<RecipeException>(() => RecipeText.Read($"batch-scaling: {text}")).Message);

    static double[] LossesOf(Recipe recipe) => [.. Small.Train(recipe with { LogEvery = Duration.Steps(1) }).OfType<StepEnded>().Select(step => step.Loss)];
}
