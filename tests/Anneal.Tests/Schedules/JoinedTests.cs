using Anneal.Schedules;

namespace Anneal.Tests.Schedules;

public class JoinedTests
{
    static readonly Schedule WarmupThenCosine = new LinearRamp(0, 0.4, 100).Then(new Cosine(0.4, 0, 900));

    [Fact]
    public void IsContinuousWhereTheValuesMeet()
    {
        Assert.Equal(0.396, WarmupThenCosine.At(99), 1e-15);
        Assert.Equal(0.4, WarmupThenCosine.At(100));
        Assert.Equal(new Cosine(0.4, 0, 900).At(1), WarmupThenCosine.At(101));
        Assert.Equal(0, WarmupThenCosine.At(1000));
        Assert.Equal(0, WarmupThenCosine.At(1L << 53));
    }

    [Fact]
    public void CountsItsLengthFromItsPieces()
    {
        Assert.Equal(1000, WarmupThenCosine.Length);
        Assert.Null(new LinearRamp(0, 1, 10).Then(new Constant(1)).Length);
    }

    [Fact]
    public void IsFlatHoweverItWasJoined()
    {
        (LinearRamp a, LinearRamp b, LinearRamp c) = (new LinearRamp(0, 1, 10), new LinearRamp(1, 2, 10), new LinearRamp(2, 3, 10));

        Assert.Equal(a.Then(b).Then(c), a.Then(b.Then(c)));
        Assert.Equal(a.Then(b).Then(c).GetHashCode(), a.Then(b.Then(c)).GetHashCode());
        Assert.Equal([0, 10, 20], Assert.IsType<Joined>(a.Then(b.Then(c))).Starts);
        Assert.NotEqual(a.Then(b), b.Then(a));
    }

    [Fact]
    public void CutsAJoinedScheduleThatIsFollowedEarly()
    {
        Schedule cut = WarmupThenCosine.For(50).Then(new Constant(7));

        Assert.Equal(0.4 * 49 / 100, cut.At(49), 1e-15);
        Assert.Equal(7, cut.At(50));
    }

    [Fact]
    public void HoldsTheValueItHasComeToWhenCutOff()
    {
        Schedule held = WarmupThenCosine.For(50);

        Assert.Equal(0.2, held.At(50), 1e-15);
        Assert.Equal(0.2, held.At(1L << 53), 1e-15);
        // At the join it is the warmup that leads there, whatever follows.
        Assert.Equal(1, new LinearRamp(0, 1, 10).Then(new Constant(5)).For(10).At(10));
    }

    [Fact]
    public void GivesAConstantAllTheStepsItIsFor()
    {
        Schedule schedule = new Constant(1).For(600).Then(new Constant(2));

        Assert.Equal((1.0, 2.0), (schedule.At(599), schedule.At(600)));
    }

    [Fact]
    public void WaitsAtTheEndOfAShorterPiece()
    {
        Schedule schedule = new LinearRamp(0, 1, 10).For(20).Then(new Constant(5));

        Assert.Equal((1.0, 1.0, 5.0), (schedule.At(10), schedule.At(19), schedule.At(20)));
    }

    [Fact]
    public void RefusesToFollowWhatNeverEnds()
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => new Constant(1).Then(new Constant(2)));
        Assert.Contains("write For(steps) before Then", error.Message);
    }

    [Fact]
    public void PrintsItsPiecesAndTheirStarts() => Assert.Equal(
        "LinearRamp { From = 0, To = 1, Steps = 10 } from step 0 then Constant { Value = 5 } from step 10",
        new LinearRamp(0, 1, 10).Then(new Constant(5)).ToString());
}
