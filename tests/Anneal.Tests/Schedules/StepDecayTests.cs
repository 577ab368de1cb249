using Anneal.Durations;
using Anneal.Schedules;

namespace Anneal.Tests.Schedules;

public class StepDecayTests
{
    [Fact]
    public void DropsAtTheStepAndNotBefore()
    {
        StepDecay schedule = new(1, every: 30, factor: 0.5);

        Assert.Equal((1.0, 0.5, 0.5, 0.25), (schedule.At(29), schedule.At(30), schedule.At(59), schedule.At(60)));
    }

    [Fact]
    public void EndsAtZeroFarBeyondTheRun() => Assert.Equal(0, new StepDecay(1, 1).At(1L << 53));

    [Fact]
    public void HoldsTheLastStairWhenItsPieceEndsWithOne()
    {
        Schedule schedule = ScheduleText.Parse("step(1, every=30, factor=0.5) for 60").Resolve(new RunLength(100, 10, 1));

        Assert.Equal(0.5, schedule.At(59));
        Assert.Equal(0.5, schedule.At(60));
        Assert.Equal(0.5, schedule.At(99));
    }

    [Theory]
    [InlineData(0, 0.1, "every must be at least 1. Received: every=0.")]
    [InlineData(1, 0, "factor must be above 0 and at most 1. Received: factor=0.")]
    [InlineData(1, 1.5, "factor must be above 0 and at most 1. Received: factor=1.5.")]
    public void RejectsImpossibleValues(long every, double factor, string message) =>
        Assert.Equal(message, Assert.Throws<ScheduleValueException>(() => new StepDecay(1, every, factor)).Message);
}
