using Anneal.Durations;

namespace Anneal.Tests.Durations;

public class PeriodTests
{
    [Fact]
    public void RoundsItsBordersAndNotItsLength()
    {
        Period tenth = Duration.RunFraction(0.1).InSteps(new RunLength(25, 25, 1));

        Assert.Equal([0, 3, 5, 8, 10, 13, 15, 18, 20, 23, 25], Enumerable.Range(0, 11).Select(i => tenth.Border(i)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2.5)]
    [InlineData(1.0001)]
    [InlineData(7)]
    [InlineData(3.9999999)]
    public void EveryStepLiesInOneRepetition(double length)
    {
        Period period = new(length);
        for (long step = 0; step < 500; step++)
        {
            long index = period.IndexAt(step);
            Assert.InRange(step, period.Border(index), period.Border(index + 1) - 1);
            Assert.Equal(step > 0 && Enumerable.Range(1, 501).Any(i => (long)Math.Floor(i * length + 0.5) == step), period.EndsAt(step));
        }
    }

    [Fact]
    public void HoldsEveryWholeNumber()
    {
        Period longest = long.MaxValue;

        Assert.Equal((0, 1, long.MaxValue), (longest.IndexAt(long.MaxValue - 1), longest.IndexAt(long.MaxValue), longest.Border(1)));
    }
}
