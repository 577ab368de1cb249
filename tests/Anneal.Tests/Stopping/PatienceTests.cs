using Anneal.Events;
using Anneal.Stopping;

namespace Anneal.Tests.Stopping;

public class PatienceTests
{
    static readonly Patience Two = new() { Metric = "validation-accuracy", Direction = Direction.Maximize, Measurements = 2 };

    [Theory]
    [InlineData(new[] { 0.5, 0.6, 0.6 }, false)]
    [InlineData(new[] { 0.5, 0.6, 0.6, 0.59 }, true)]
    [InlineData(new[] { 0.5, 0.6, 0.55, 0.61 }, false)]
    [InlineData(new[] { 0.5, double.NaN, double.NaN }, true)]
    [InlineData(new[] { double.NaN, double.NaN, 0.1 }, false)]
    public void CountsMeasurementsInARowWithoutImprovement(double[] accuracies, bool stops) =>
        Assert.Equal(stops, Two.Decide(Validations(accuracies)) is not null);

    [Fact]
    public void SaysWhatWasBestAndWhatIsNow()
    {
        StopReason? reason = Two.Decide(Validations([0.5, 0.6, 0.58, 0.59]));
        Assert.Equal(new StopReason("stopped", "validation-accuracy has not improved for 2 measurements: best 0.6 at step 20, now 0.59 at step 40."), reason);
    }

    [Fact]
    public void FollowsTheDirectionItIsGiven()
    {
        TrainingEvent[] history = [History.Epoch(0, 1.0), History.Epoch(1, 0.9), History.Epoch(2, 0.8)];
        Patience lower = new() { Metric = "training-loss", Direction = Direction.Minimize, Measurements = 2 };
        Assert.Null(lower.Decide(history));
        Assert.NotNull((lower with { Direction = Direction.Maximize }).Decide(history));
    }

    [Fact]
    public void WantsImprovementsOfTheSizeAskedFor()
    {
        IReadOnlyList<TrainingEvent> slow = Validations([0.5, 0.504, 0.508]);
        Assert.Null(Two.Decide(slow));
        Assert.NotNull((Two with { SmallestImprovement = 0.01 }).Decide(slow));
        // Small steps count once they add up.
        Assert.Null((Two with { SmallestImprovement = 0.006 }).Decide(slow));
    }

    [Fact]
    public void DecidesOnlyWhereSomethingWasMeasured()
    {
        IReadOnlyList<TrainingEvent> over = Validations([0.6, 0.5, 0.5]);
        Assert.NotNull(Two.Decide(over));
        Assert.Null(Two.Decide([.. over, History.Step(31)]));
        Assert.Null(Two.Decide([.. over, History.Test(31, 0.1)]));
        Assert.Null(Two.Decide([]));
    }

    [Fact]
    public void NamesTheMetricsThatThereAre()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => Two with { Metric = "val_acc" });
        Assert.Equal("No metric named 'val_acc'. A run records: training-loss, training-accuracy, validation-loss, validation-accuracy.", e.Message);
    }

    [Fact]
    public void RefusesNoPatienceAtAll()
    {
        Assert.Throws<ArgumentException>(() => Two with { Measurements = 0 });
        Assert.Throws<ArgumentException>(() => Two with { SmallestImprovement = -0.1 });
    }

    static IReadOnlyList<TrainingEvent> Validations(double[] accuracies) =>
        [.. accuracies.Select((a, i) => History.Validation(10 * (i + 1), a))];
}
