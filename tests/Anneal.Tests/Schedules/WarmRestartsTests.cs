using System.Numerics;
using Anneal.Durations;
using Anneal.Schedules;

namespace Anneal.Tests.Schedules;

public class WarmRestartsTests
{
    // With multiply = 3 the logarithm of the step puts the first steps of cycles 5 and 10 into the cycle before.
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 7)]
    [InlineData(2, 10)]
    [InlineData(3, 1)]
    [InlineData(3, 10)]
    public void BeginsFortyCyclesAtTheirExactSteps(int multiply, long first)
    {
        WarmRestarts schedule = new(1, 0, first, multiply);
        BigInteger begin = 0, length = first;
        for (int cycle = 0; cycle < 40 && begin + length < long.MaxValue; cycle++)
        {
            Assert.Equal((cycle, (long)begin, (long)length), schedule.CycleAt((long)begin));
            Assert.Equal((cycle, (long)begin, (long)length), schedule.CycleAt((long)(begin + length - 1)));
            Assert.Equal(1, schedule.At((long)begin));
            begin += length;
            length *= multiply;
        }
    }

    [Fact]
    public void RoundsEachCycleFromItsExactLength()
    {
        // 4, 6, 9, 13.5, 20.25, 30.375, 45.5625
        WarmRestarts schedule = new(1, 0, 4, 1.5);
        long begin = 0;
        foreach (long length in (long[])[4, 6, 9, 14, 20, 30, 46])
        {
            Assert.Equal((begin, length), (schedule.CycleAt(begin).Begin, schedule.CycleAt(begin).Length));
            begin += length;
        }
    }

    [Theory]
    [InlineData(1.01)]
    [InlineData(1.5)]
    [InlineData(3)]
    [InlineData(1e6)]
    [InlineData(1e18)]
    [InlineData(1e38)]
    [InlineData(1e300)]
    [InlineData(1.5e300)]
    public void HasAValueForEveryStepThatCanBeCounted(double multiply)
    {
        WarmRestarts schedule = new(0.4, 0.1, 10, multiply);

        foreach (long step in (long[])[1L << 53, (1L << 62) - 1, long.MaxValue])
        {
            Assert.InRange(schedule.At(step), 0.1, 0.4);
        }
    }

    [Fact]
    public void NeverDecaysBelowItsFloor()
    {
        WarmRestarts schedule = new(0.4, 0.1, 10, decay: 0.5);

        Assert.Equal([0.4, 0.2, 0.1, 0.1], new long[] { 0, 10, 20, 30 }.Select(schedule.At));
    }

    [Fact]
    public void HoldsItsFloorWhenItsPieceEndsWithACycle()
    {
        Schedule schedule = ScheduleText.Parse("restarts(from=0.4, to=0.1, first=1ep) for 3ep").Resolve(new RunLength(1000, 100, 1));

        Assert.True(schedule.At(299) > 0.1);
        Assert.Equal(0.1, schedule.At(300));
        Assert.Equal(0.1, schedule.At(999));
    }

    [Fact]
    public void HoldsWhereItIsWhenItsPieceEndsWithinACycle()
    {
        Schedule schedule = new WarmRestarts(0.4, 0, 100).For(150);

        Assert.Equal(0.2, schedule.At(150), 1e-15);
    }

    [Fact]
    public void IsEqualByItsValues()
    {
        Assert.Equal(new WarmRestarts(1, 0, 10, 2), new WarmRestarts(1, 0, 10, 2));
        Assert.NotEqual(new WarmRestarts(1, 0, 10, 2), new WarmRestarts(1, 0, 10, 3));
    }

    [Theory]
    [InlineData("first=0", "first must be at least 1. Received: first=0.")]
    [InlineData("first=10, multiply=0.5", "multiply must be 1, or at least 1.01. Received: multiply=0.5.")]
    [InlineData("first=10, multiply=1.001", "multiply must be 1, or at least 1.01. Received: multiply=1.001.")]
    [InlineData("first=10, decay=0", "decay must be above 0 and at most 1. Received: decay=0.")]
    [InlineData("first=10, limit=0", "limit must be at least 1. Received: limit=0.")]
    [InlineData("first=10, limit=1.5", "limit must be a whole number. Received: limit=1.5.")]
    public void RejectsImpossibleValues(string values, string message)
    {
        ScheduleText text = ScheduleText.Parse($"restarts(from=0.4, to=0.1, {values})");

        Assert.EndsWith(message, Assert.Throws<ScheduleFormatException>(() => text.Resolve(new RunLength(1000, 100, 1))).Problem);
    }

    [Fact]
    public void RejectsADecayOfARisingCycle() =>
        Assert.Equal("decay must be 1 where from is below to. Received: decay=0.5, from=0, to=1.", Assert.Throws<ScheduleValueException>(() => new WarmRestarts(0, 1, 10, decay: 0.5)).Message);
}
