using Anneal.Cli.Charts;
using Anneal.Durations;
using Anneal.Schedules;

namespace Anneal.Cli.Tests.Charts;

public sealed class ScheduleCurveTests
{
    [Theory]
    [InlineData("constant(0.1)", new long[] { 0, 99 })]
    [InlineData("linear(from=0, to=1) for 20st then cosine(from=1, to=0)", new long[] { 0, 20, 99 })]
    [InlineData("linear(from=0, to=1) for 20st then constant(1) for 30st then linear(from=1, to=0)", new long[] { 0, 20, 50, 99 })]
    [InlineData("step(1, every=40st, factor=0.1)", new long[] { 0, 39, 40, 79, 80, 99 })]
    public void HasItsKeyPointsWhereItTurnsJumpsOrRests(string text, long[] steps) => Assert.Equal(steps, Curve(text, 100).KeySteps(14));

    [Fact]
    public void LeavesOutKeyPointsFromTheMiddleOn()
    {
        IReadOnlyList<long> steps = Curve("triangular(min=0, max=1, half=5st)", 1000).KeySteps(6);
        Assert.Equal([0L, 5, 10, 15, 20, 999], steps);
    }

    [Fact]
    public void HoldsTheExtremesOfEachColumn()
    {
        IReadOnlyList<(double Low, double High)> columns = Curve("step(1, every=50st, factor=0.1)", 100).Columns(4);
        Assert.Equal([(1, 1), (0.1, 1), (0.1, 0.1), (0.1, 0.1)], columns);
    }

    [Fact]
    public void KnowsWhenItIsConstant()
    {
        Assert.True(Curve("constant(0.3)", 10).IsConstant);
        Assert.False(Curve("cosine(from=1, to=0)", 10).IsConstant);
    }

    static ScheduleCurve Curve(string text, long steps) => new(text, ScheduleText.Parse(text).Resolve(new RunLength(steps, steps, 1)), steps);
}
