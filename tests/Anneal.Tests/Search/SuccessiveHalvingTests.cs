using Anneal.Search;
using Anneal.Stopping;

namespace Anneal.Tests.Search;

public class SuccessiveHalvingTests
{
    static readonly SuccessiveHalving Rule = new() { Direction = Direction.Maximize, FirstRungEpochs = 0.5, ReductionFactor = 4 };
    static readonly TrialSnapshot[] Seven = [.. Enumerable.Range(1, 7).Select(n => Trial(n, (0.5, 0.1 * n)))];

    [Theory]
    [InlineData(0.65, false)]
    [InlineData(0.55, true)]
    public void LetsTwoOfEightGoOn(double value, bool ends) => Assert.Equal(ends, Rule.Decide(Trial(8, (0.5, value)), Seven) is not null);

    [Fact]
    public void SaysWithWhichNumbers() =>
        Assert.Equal("At epoch 0.5 trial 8 has 0.35, 4 of 8 trials had better there, and 2 may go on.", Rule.Decide(Trial(8, (0.5, 0.35)), Seven)!.Reason);

    [Fact]
    public void LetsTheFirstTrialAndEachNewBestGoOn()
    {
        Assert.Null(Rule.Decide(Trial(1, (0.5, 0.2)), []));
        Assert.Null(Rule.Decide(Trial(9, (0.5, 0.3)), Seven[..2]));
        Assert.NotNull(Rule.Decide(Trial(9, (0.5, 0.15)), Seven[..2]));
    }

    [Fact]
    public void JudgesOnlyAtTheRungs()
    {
        Assert.Null(Rule.Decide(Trial(8, (0.4, 0)), Seven));
        Assert.Null(Rule.Decide(Trial(8, (0.5, 0.9), (1, 0)), Seven));
        // The next rung lies at 2, where nobody has been.
        Assert.Null(Rule.Decide(Trial(8, (0.5, 0.9), (2, 0)), Seven));
        Assert.NotNull(Rule.Decide(Trial(8, (0.5, 0.9), (2, 0)), [.. Seven, Trial(9, (0.5, 0.9), (2, 0.1))]));
    }

    [Fact]
    public void TakesTheFirstValuePastARung() => Assert.NotNull(Rule.Decide(Trial(8, (0.4, 0.9), (0.6, 0.3)), Seven));

    [Fact]
    public void DoesNotCountAnEndedTrialForRungsItWasNotLetTo()
    {
        TrialSnapshot jumped = Trial(9, (2, 0.5)) with { State = TrialState.Pruned };
        Assert.Null(Rule.Decide(Trial(8, (0.5, 0.9), (2, 0.1)), [jumped]));
        Assert.NotNull(Rule.Decide(Trial(8, (0.5, 0.9), (2, 0.1)), [jumped with { State = TrialState.Completed }]));
    }

    [Fact]
    public void EndsATrialWhoseValueIsNoNumber() => Assert.NotNull(Rule.Decide(Trial(1, (0.5, double.NaN)), []));

    [Fact]
    public void RefusesAFactorThatReducesNothing()
    {
        Assert.Throws<ArgumentException>(() => Rule with { ReductionFactor = 1 });
        Assert.Throws<ArgumentException>(() => Rule with { FirstRungEpochs = 0 });
    }

    static TrialSnapshot Trial(int number, params (double Epochs, double Value)[] values) => new()
    {
        Number = number, State = TrialState.Running, Intermediate = [.. values.Select(v => new IntermediateValue(v.Epochs, v.Value))],
    };
}
