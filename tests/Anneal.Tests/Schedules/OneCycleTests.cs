using Anneal.Schedules;

namespace Anneal.Tests.Schedules;

public class OneCycleTests
{
    [Theory]
    [InlineData(OneCycleShape.Cosine)]
    [InlineData(OneCycleShape.Linear)]
    public void PassesThroughItsThreeValues(OneCycleShape shape)
    {
        OneCycle schedule = new(0.4, 1000, shape: shape);

        Assert.Equal(0.4 / 25, schedule.At(0), 1e-16);
        Assert.Equal(0.4, schedule.At(299));
        Assert.Equal(0.4 / 250_000, schedule.At(999));
        Assert.True(schedule.At(298) < 0.4 && schedule.At(300) < 0.4);
    }

    [Fact]
    public void ComesDownAsItWentUpInThreePhases()
    {
        OneCycle schedule = new(0.4, 1000, phases: 3);

        Assert.Equal(0.4, schedule.At(299));
        Assert.Equal(0.4 / 25, schedule.At(598));
        Assert.Equal(0.4 / 250_000, schedule.At(999));
        for (long offset = 1; offset <= 299; offset++)
        {
            Assert.Equal(1, schedule.At(299 - offset) / schedule.At(299 + offset), 1e-12);
        }
    }

    // PyTorch's accepts one step more than it was made for, and raises the rate there.
    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(1L << 53)]
    public void StaysAtItsLastValue(long step)
    {
        Assert.Equal(0.4 / 250_000, new OneCycle(0.4, 1000).At(step));
        Assert.Equal(0.4 / 250_000, new OneCycle(0.4, 1000, phases: 3).At(step));
        Assert.Equal(0.95, new OneCycleMomentum(1000).At(step));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void StartsAtItsPeakWhereThereIsNoRoomToRise(long steps)
    {
        Assert.Equal(0.4, new OneCycle(0.4, steps).At(0));
        Assert.Equal(0.4, new OneCycle(0.4, steps, phases: 3).At(0));
        for (long step = 0; step < steps + 2; step++)
        {
            Assert.InRange(new OneCycle(0.4, steps, phases: 3).At(step), 0.4 / 250_000, 0.4);
        }
    }

    [Fact]
    public void MomentumIsLowestWhereTheRateIsHighest()
    {
        OneCycleMomentum momentum = new(1000);

        Assert.Equal(0.95, momentum.At(0));
        Assert.Equal(0.85, momentum.At(299));
        Assert.Equal(0.95, momentum.At(999));
    }

    [Fact]
    public void MomentumStaysHighInTheThirdPhase()
    {
        OneCycleMomentum momentum = new(1000, phases: 3);

        Assert.Equal(0.85, momentum.At(299));
        Assert.Equal(0.95, momentum.At(598));
        Assert.Equal(0.95, momentum.At(800), 1e-15);
    }

    [Theory]
    [InlineData(0, 0.3, 25, 250_000, 2, "max must be above 0. Received: max=0.")]
    [InlineData(1, 0, 25, 250_000, 2, "up must be above 0 and below 1. Received: up=0.")]
    [InlineData(1, 0.6, 25, 250_000, 3, "up must be above 0 and at most 0.5 in three phases. Received: up=0.6.")]
    [InlineData(1, 0.3, 0.5, 250_000, 2, "start-divisor must be at least 1. Received: start-divisor=0.5.")]
    [InlineData(1, 0.3, 25, 0, 2, "end-divisor must be at least 1. Received: end-divisor=0.")]
    [InlineData(1, 0.3, 25, 250_000, 1, "phases must be 2 or 3. Received: phases=1.")]
    public void RejectsImpossibleValues(double max, double up, double startDivisor, double endDivisor, int phases, string message)
    {
        ScheduleValueException error = Assert.Throws<ScheduleValueException>(() => new OneCycle(max, 100, up, startDivisor, endDivisor, phases: phases));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void RejectsMomentumOutOfItsRange()
    {
        Assert.Throws<ScheduleValueException>(() => new OneCycleMomentum(100, max: 1));
        Assert.Throws<ScheduleValueException>(() => new OneCycleMomentum(100, max: 0.9, min: 0.95));
        Assert.Throws<ScheduleValueException>(() => new OneCycleMomentum(0));
    }
}
