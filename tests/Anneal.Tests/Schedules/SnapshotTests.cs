using Anneal.Schedules;

namespace Anneal.Tests.Schedules;

public class SnapshotTests
{
    [Fact]
    public void StartsEachCycleAtItsPeak()
    {
        Snapshot schedule = new(1, cycles: 5, steps: 1000);

        Assert.Equal([1, 0.5, 1, 1, 1, 1], new long[] { 0, 100, 200, 400, 600, 800 }.Select(step => Math.Round(schedule.At(step), 15)));
        Assert.Equal((0.0, 0.0), (schedule.At(1000), schedule.At(1L << 53)));
    }

    [Fact]
    public void ShortensTheLastCycleWhereTheyDoNotDivide()
    {
        // Three cycles of 4 steps in 10: the last stops half way down.
        Snapshot schedule = new(1, 3, 10);

        Assert.Equal(4, schedule.CycleLength);
        Assert.Equal(1, schedule.At(8));
        Assert.Equal(0.5, schedule.At(10), 1e-15);
    }

    [Fact]
    public void HoldsTheEndOfACycleWhenCutOffThere() => Assert.Equal(0, new Snapshot(1, 5, 1000).For(400).At(400));

    [Fact]
    public void RejectsMoreCyclesThanSteps() => Assert.Equal(
        "cycles must be at most the steps. Received: cycles=11, in 10 steps.",
        Assert.Throws<ScheduleValueException>(() => new Snapshot(1, 11, 10)).Message);
}
