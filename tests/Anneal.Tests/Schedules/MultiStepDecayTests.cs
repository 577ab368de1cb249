using Anneal.Durations;
using Anneal.Schedules;

namespace Anneal.Tests.Schedules;

public class MultiStepDecayTests
{
    [Fact]
    public void CountsAMilestoneFromItsOwnStep()
    {
        MultiStepDecay schedule = new(1, [30, 60], 0.5);

        Assert.Equal((1.0, 0.5, 0.5, 0.25), (schedule.At(29), schedule.At(30), schedule.At(59), schedule.At(60)));
        Assert.Equal(0.25, schedule.At(1L << 53));
    }

    [Fact]
    public void IsEqualByItsMilestones()
    {
        Assert.Equal(new MultiStepDecay(1, [30, 60]), new MultiStepDecay(1, [30, 60]));
        Assert.Equal(new MultiStepDecay(1, [30, 60]).GetHashCode(), new MultiStepDecay(1, [30, 60]).GetHashCode());
        Assert.NotEqual(new MultiStepDecay(1, [30, 60]), new MultiStepDecay(1, [30, 61]));
    }

    [Fact]
    public void HoldsTheStairBeforeAMilestoneAtItsEnd() => Assert.Equal(1, new MultiStepDecay(1, [30], 0.5).For(30).At(30));

    [Fact]
    public void PointsAtMilestonesOutOfOrder()
    {
        ScheduleText text = ScheduleText.Parse("multi-step(0.1, at=[60ep, 3ep])");

        ScheduleFormatException error = Assert.Throws<ScheduleFormatException>(() => text.Resolve(new RunLength(1000, 10, 1)));

        Assert.Equal(19, error.Position);
        Assert.Equal("In 'multi-step': at must be milestones in order, each above the one before it. Received: [600, 30].", error.Problem);
    }

    [Theory]
    [InlineData("multi-step(0.1, at=30ep)", 19, "After 'at=' comes '['. Received: '30ep'.")]
    [InlineData("multi-step(0.1, at=[])", 20, "'at' must hold a duration, such as 30ep")]
    [InlineData("multi-step(0.1, at=[30ep 60ep])", 25, "After a duration in a list comes ',' or ']'. Received: '60ep'.")]
    [InlineData("multi-step(0.1, at=[30ep, x])", 26, "'at' must hold a duration, such as 30ep")]
    [InlineData("multi-step(0.1, at=[30ep", 24, "After a duration in a list comes ',' or ']'. Received: 'the end'.")]
    public void PointsAtTheCharacterThatIsWrong(string text, int position, string problem)
    {
        ScheduleFormatException error = Assert.Throws<ScheduleFormatException>(() => ScheduleText.Parse(text));

        Assert.Equal(position, error.Position);
        Assert.StartsWith(problem, error.Problem);
    }
}
