using Anneal.Schedules;

namespace Anneal.Tests.Schedules;

public class TriangularTests
{
    [Fact]
    public void GoesUpAndDownInStraightLines()
    {
        Triangular schedule = new(0, 1, 4);

        Assert.Equal([0, 0.25, 0.5, 0.75, 1, 0.75, 0.5, 0.25, 0, 0.25], Enumerable.Range(0, 10).Select(step => schedule.At(step)));
    }

    [Fact]
    public void HalvesItsRangeInTheSecondPolicy()
    {
        Triangular2 schedule = new(1, 2, 4);

        Assert.Equal([2, 1.5, 1.25], new long[] { 4, 12, 20 }.Select(schedule.At));
        Assert.Equal(1, schedule.At((1L << 53) - 1));
    }

    [Fact]
    public void ShrinksByTheStepOrByTheCycle()
    {
        Assert.Equal(1 + Math.Pow(0.5, 4), new ExponentialRange(1, 2, 4, 0.5).At(4));
        Assert.Equal(1 + Math.Pow(0.5, 12), new ExponentialRange(1, 2, 4, 0.5).At(12));
        Assert.Equal(2, new ExponentialRange(1, 2, 4, 0.5, isPerCycle: true).At(4));
        Assert.Equal(1.5, new ExponentialRange(1, 2, 4, 0.5, isPerCycle: true).At(12));
    }

    [Fact]
    public void KnowsItsPlaceFarAwayAndWithTheLongestCycle()
    {
        Assert.Equal(1, new Triangular(0, 1, 1).At((1L << 53) - 1));
        Assert.Equal(0, new Triangular(0, 1, 1).At(1L << 53));
        Assert.Equal(0.5, new Triangular(0, 1, 1L << 62).At(1L << 61));
        Assert.Equal(1, new Triangular(0, 1, long.MaxValue).At(long.MaxValue));
    }

    [Theory]
    [InlineData(0, 0.5, "half must be at least 1. Received: half=0.")]
    [InlineData(1, 0, "gamma must be above 0 and at most 1. Received: gamma=0.")]
    [InlineData(1, 1.1, "gamma must be above 0 and at most 1. Received: gamma=1.1.")]
    public void RejectsImpossibleValues(long half, double gamma, string message) =>
        Assert.Equal(message, Assert.Throws<ScheduleValueException>(() => new ExponentialRange(0, 1, half, gamma)).Message);
}
