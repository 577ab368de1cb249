using System.Text.Json;
using Anneal.Curves;

namespace Anneal.Tests.Curves;

public class RangeTestTests
{
    static readonly JsonElement Golden = GoldenFile.Read("range_test_golden.json");
    static readonly double[] Rates = Golden.GetProperty("rates").Doubles();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void AgreesWithFastai(int which)
    {
        JsonElement expected = Golden.GetProperty("cases")[which];
        RangeTestAnalysis found = RangeTest.Analyse(Rates, expected.GetProperty("losses").Doubles());

        Assert.Null(found.Refusal);
        Assert.Equal(expected.GetProperty("smoothed").Doubles(), found.Smoothed.Y, (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(["valley", "steepest", "minimum", "slide"], found.Suggestions.Select(s => s.Rule));
        Assert.All(found.Suggestions, s => Assert.Equal(expected.Number(s.Rule), s.Rate, 1e-12 * s.Rate));
        Assert.Equal(expected.Number("cycle maximum"), found.Cycle!.Maximum, 1e-12 * found.Cycle.Maximum);
        Assert.Equal(found.Cycle.Maximum / 4, found.Cycle.Minimum);
    }

    [Fact]
    public void SuggestsNoMinimumWhereTheLossStillFallsAtTheEnd()
    {
        double[] falling = [.. Enumerable.Range(0, 100).Select(i => 3 - 0.02 * i)];
        RangeTestAnalysis found = RangeTest.Analyse(Rates, falling);
        Assert.Equal(["valley", "steepest"], found.Suggestions.Select(s => s.Rule));
        Assert.Null(found.Cycle);
    }

    [Fact]
    public void FindsTheKinkUnsmoothed()
    {
        // Flat, then falling by 0.1 an iteration from 40 on, then rising from 60 on.
        double[] losses = [.. Enumerable.Range(0, 100).Select(i => 3 - 0.1 * Math.Clamp(i - 40, 0, 20) + Math.Max(0, i - 60))];
        RangeTestAnalysis found = RangeTest.Analyse(Rates, losses, smoothing: 0);
        // The chain of falling losses has 21 members and ends at 60: 60 − 21 + 7 + 3.
        Assert.Equal(Rates[49], found.Suggestions[0].Rate);
        Assert.Equal(Rates[60] / 10, found.Suggestions[2].Rate, 1e-15);
        // It begins at 3, and from 63 on the running median is above that again.
        Assert.Equal(Rates[63] / 10, found.Cycle!.Maximum);
    }

    [Fact]
    public void OneBadBatchDoesNotMoveThePair()
    {
        // Back at 3 at 60, above it from 61 on.
        double[] losses = [.. Enumerable.Range(0, 100).Select(i => 3 - 0.1 * Math.Clamp(i - 20, 0, 20) + 0.1 * Math.Max(0, i - 40))];
        Assert.Equal(Rates[61] / 10, RangeTest.Analyse(Rates, losses).Cycle!.Maximum, 1e-12);
        losses[30] += 9;
        losses[50] += 9;
        losses[70] -= 2;
        Assert.Equal(Rates[61] / 10, RangeTest.Analyse(Rates, losses).Cycle!.Maximum, 1e-12);
    }

    [Fact]
    public void FindsThePairWhereTheLossBlowsUpTooFastForTheOtherRules()
    {
        double[] losses = [.. Enumerable.Range(0, 64).Select(i => i < 60 ? 3 - 0.04 * i : 50.0 * (i - 59))];
        RangeTestAnalysis found = RangeTest.Analyse(Rates.AsSpan(0, 64), losses);
        Assert.DoesNotContain(found.Suggestions, suggestion => suggestion.Rule == "minimum");
        Assert.Equal(["minimum"], found.Omitted.Select(omitted => omitted.Rule).Where(rule => rule != "slide"));
        // Of the seven around 60 four have blown up.
        Assert.Equal(Rates[60] / 10, found.Cycle!.Maximum, 1e-12);
    }

    [Fact]
    public void ALossThatIsNotFiniteUndoesTraining()
    {
        double[] losses = [.. Enumerable.Range(0, 100).Select(i => i < 80 ? 3 - 0.02 * i : double.NaN)];
        Assert.Equal(Rates[80] / 10, RangeTest.Analyse(Rates, losses).Cycle!.Maximum, 1e-12);
    }

    [Fact]
    public void FindsNoPairWhereTheLossStillFallsUnderItsNoise()
    {
        Random random = new(5);
        for (int repeat = 0; repeat < 100; repeat++)
        {
            double[] losses = [.. Enumerable.Range(0, 100).Select(i => 3 - 0.02 * i + 0.1 * (random.NextDouble() - 0.5))];
            Assert.Null(RangeTest.Analyse(Rates, losses).Cycle);
        }
    }

    [Fact]
    public void LeavesOutWhatFollowsTheFirstLossThatIsNotFinite()
    {
        double[] losses = [.. Enumerable.Range(0, 100).Select(i => i < 80 ? 3 - 0.02 * i : double.NaN)];
        RangeTestAnalysis found = RangeTest.Analyse(Rates, losses);
        Assert.Equal(80, found.Smoothed.Y.Count);
        Assert.Equal(80, found.Smoothed.X.Count);
        Assert.Null(found.Refusal);
    }

    [Theory]
    [InlineData(16, false)]
    [InlineData(15, true)]
    public void RefusesTooFewFiniteLosses(int finite, bool refused)
    {
        double[] losses = [.. Enumerable.Range(0, 100).Select(i => i < finite ? 3 - 0.1 * i : double.PositiveInfinity)];
        RangeTestAnalysis found = RangeTest.Analyse(Rates, losses);
        Assert.Equal(refused, found.Refusal is not null);
        Assert.Equal(refused, found.Suggestions.Count == 0);
        if (refused)
        {
            Assert.Contains("Received: 15 finite losses of 100.", found.Refusal);
        }
    }

    [Theory]
    [InlineData(0.015, true)]
    [InlineData(0.025, false)]
    public void RefusesALossThatDoesNotFall(double fall, bool refused)
    {
        double[] losses = [.. Enumerable.Range(0, 100).Select(i => 2 - 2 * fall * Math.Clamp((i - 30) / 20.0, 0, 1) + 0.1 * Math.Max(0, i - 70))];
        RangeTestAnalysis found = RangeTest.Analyse(Rates, losses, smoothing: 0);
        Assert.Equal(refused, found.Refusal is not null);
        if (refused)
        {
            Assert.StartsWith("The loss did not fall: from 2 at rate", found.Refusal);
        }
    }

    [Fact]
    public void RefusesALossThatOnlyRises()
    {
        double[] rising = [.. Enumerable.Range(0, 100).Select(i => 2 + 0.05 * i)];
        Assert.StartsWith("The loss did not fall", RangeTest.Analyse(Rates, rising).Refusal);
    }

    [Theory]
    [InlineData(4.0, false)]
    [InlineData(4.001, true)]
    [InlineData(double.NaN, true)]
    [InlineData(double.PositiveInfinity, true)]
    public void StopsAboveFourTimesTheBest(double smoothed, bool stops) => Assert.Equal(stops, RangeTest.ShouldStop(smoothed, 1));

    [Fact]
    public void NamesTheRateThatDoesNotRise()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => RangeTest.Analyse([0.1, 0.2, 0.2], [1, 1, 1]));
        Assert.Equal("The rates of a range test must be positive and rise. Received: 0.2 at iteration 2.", e.Message);
        Assert.Throws<ArgumentException>(() => RangeTest.Analyse([0, 0.2], [1, 1]));
        Assert.Throws<ArgumentException>(() => RangeTest.Analyse([0.1, 0.2], [1]));
    }
}
