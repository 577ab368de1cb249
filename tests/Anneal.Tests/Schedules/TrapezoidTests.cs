using Anneal.Schedules;

namespace Anneal.Tests.Schedules;

public class TrapezoidTests
{
    [Theory]
    [InlineData(TrapezoidShape.Linear, 0.5)]
    [InlineData(TrapezoidShape.SquareRoot, 1 - 0.70710678118654752)]
    public void RisesHoldsAndFalls(TrapezoidShape shape, double halfWayDown)
    {
        Trapezoid schedule = new(1, up: 100, down: 200, steps: 1000, shape);

        Assert.Equal([0, 0.5, 1, 1], new long[] { 0, 50, 100, 800 }.Select(schedule.At));
        Assert.Equal(halfWayDown, schedule.At(900), 1e-15);
        Assert.Equal((0.0, 0.0), (schedule.At(1000), schedule.At(1L << 53)));
    }

    [Fact]
    public void HoldsItsPeakWhereItNeverComesDown() => Assert.Equal(1, new Trapezoid(1, 10, 0, 100).At(100));

    [Fact]
    public void RejectsARiseAndAFallThatDoNotFit() => Assert.Equal(
        "up and down must fit into the steps. Received: up=60, down=41, in 100 steps.",
        Assert.Throws<ScheduleValueException>(() => new Trapezoid(1, 60, 41, 100)).Message);
}
