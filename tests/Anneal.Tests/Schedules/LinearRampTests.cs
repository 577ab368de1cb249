using Anneal.Schedules;

namespace Anneal.Tests.Schedules;

public class LinearRampTests
{
    [Fact]
    public void StartsAndEndsExactlyAtItsValues()
    {
        LinearRamp schedule = new(0.1, 0.7, 3);

        Assert.Equal(0.1, schedule.At(0));
        Assert.Equal(0.3, schedule.At(1), 1e-15);
        Assert.Equal(0.5, schedule.At(2), 1e-15);
        Assert.Equal(0.7, schedule.At(3));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(1L << 53)]
    [InlineData(long.MaxValue)]
    public void StaysAtItsEnd(long step) => Assert.Equal(0.7, new LinearRamp(0.1, 0.7, 3).At(step));

    [Fact]
    public void IsAtItsEndAtOnceWhenItHasNoSteps() => Assert.Equal(0.7, new LinearRamp(0.1, 0.7, 0).At(0));

    [Fact]
    public void CountsStepsExactlyUpToTwoToTheFiftyThird()
    {
        LinearRamp schedule = new(0, 1L << 53, 1L << 53);

        Assert.Equal(1, schedule.At(1));
        Assert.Equal((1L << 53) - 1, schedule.At((1L << 53) - 1));
    }

    [Fact]
    public void RejectsWhatIsNotFinite()
    {
        Assert.Throws<ScheduleValueException>(() => new LinearRamp(double.NaN, 0, 1));
        Assert.Throws<ScheduleValueException>(() => new LinearRamp(0, double.PositiveInfinity, 1));
        Assert.Throws<ScheduleValueException>(() => new LinearRamp(0, 1, -1));
    }
}
