using Anneal.Search;
using Anneal.Stopping;

namespace Anneal.Tests.Search;

public class MedianRuleTests
{
    static readonly MedianRule Rule = new() { Direction = Direction.Maximize, StartupTrials = 3 };
    static readonly TrialSnapshot[] Three = [Done(1, 0.5), Done(2, 0.6), Done(3, 0.8)];

    [Theory]
    [InlineData(0.59, true)]
    [InlineData(0.6, false)]
    public void EndsWhatIsBelowTheMedian(double value, bool ends) => Assert.Equal(ends, Rule.Decide(At(0.5, value), Three) is not null);

    [Fact]
    public void SaysWithWhichNumbers() =>
        Assert.Equal("At epoch 0.5 trial 9 has come to 0.4 at best; the median of 3 completed trials was 0.6 there.", Rule.Decide(At(0.5, 0.4), Three)!.Reason);

    [Fact]
    public void JudgesATrialByItsBestValueSoFar()
    {
        TrialSnapshot fell = At(0.5, 0.4) with { Intermediate = [new(0.25, 0.7), new(0.5, 0.4)] };
        Assert.Null(Rule.Decide(fell, Three));
    }

    [Fact]
    public void WaitsForCompletedTrials()
    {
        Assert.Null(Rule.Decide(At(0.5, 0.1), Three[..2]));
        Assert.Null(Rule.Decide(At(0.5, 0.1), [.. Three[..2], Three[2] with { State = TrialState.Running }]));
        Assert.Null(Rule.Decide(At(0.5, 0.1), [.. Three[..2], Three[2] with { State = TrialState.Pruned }]));
    }

    [Fact]
    public void HasNoOpinionWhereNobodyElseWasMeasured() => Assert.Null(Rule.Decide(At(0.75, 0.1), Three));

    [Fact]
    public void MatchesPlacesThatDifferByRoundingOnly() => Assert.NotNull(Rule.Decide(At(0.1 + 0.4 + 1e-12, 0.1), Three));

    [Fact]
    public void LeavesTheWarmupAlone()
    {
        MedianRule later = Rule with { WarmupEpochs = 1 };
        Assert.Null(later.Decide(At(0.5, 0.1), Three));
    }

    [Fact]
    public void EndsATrialWithoutASingleNumber() => Assert.NotNull(Rule.Decide(At(0.5, double.NaN), Three));

    [Fact]
    public void HasNoOpinionBeforeTheFirstValue() => Assert.Null(Rule.Decide(At(0.5, 1) with { Intermediate = [] }, Three));

    static TrialSnapshot At(double epochs, double value) => new() { Number = 9, State = TrialState.Running, Intermediate = [new(epochs, value)] };

    static TrialSnapshot Done(int number, double value) => new() { Number = number, State = TrialState.Completed, Intermediate = [new(0.25, 0.1), new(0.5, value), new(1, 0.9)] };
}
