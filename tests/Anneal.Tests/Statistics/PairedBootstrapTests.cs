using Anneal.Statistics;

namespace Anneal.Tests.Statistics;

public class PairedBootstrapTests
{
    [Theory]
    [InlineData(0.95)]
    [InlineData(0.6)]
    public void ComesToTheExactIntervalOfAFewPairs(double confidence)
    {
        // All 5⁵ ways to draw five of five differences, equally likely.
        double[] differences = [0.3, -1, 2.2, 0.9, 0.4];
        double[] exact = [.. Enumerable.Range(0, 3125).Select(way => Enumerable.Range(0, 5).Sum(i => differences[way / (int)Math.Pow(5, i) % 5]) / 5).Order()];
        double tail = (1 - confidence) / 2;

        MeanInterval found = PairedBootstrap.Difference(differences, new double[5], seed: 1, confidence, resamples: 40_000);

        Assert.Equal(0.56, found.Mean, 1e-12);
        // The share of draws below the ends found, within five standard deviations of 40,000 draws, ties on either side.
        double slack = 5 * Math.Sqrt(tail * (1 - tail) / 40_000);
        Assert.InRange(tail, Share(exact, found.Lower - 1e-9) - slack, Share(exact, found.Lower + 1e-9) + slack);
        Assert.InRange(1 - tail, Share(exact, found.Upper - 1e-9) - slack, Share(exact, found.Upper + 1e-9) + slack);
    }

    [Fact]
    public void SeesADifferenceThatIsTheSameInEveryPair()
    {
        MeanInterval found = PairedBootstrap.Difference([0.91, 0.93, 0.95], [0.90, 0.92, 0.94], seed: 1);
        Assert.Equal(0.01, found.Lower, 1e-12);
        Assert.Equal(0.01, found.Upper, 1e-12);
    }

    [Fact]
    public void GivesTheSameForTheSameSeed() =>
        Assert.Equal(PairedBootstrap.Difference([1, 2, 4], [0, 3, 1], seed: 5), PairedBootstrap.Difference([1, 2, 4], [0, 3, 1], seed: 5));

    [Fact]
    public void RefusesWhatIsNotPaired()
    {
        Assert.Throws<ArgumentException>(() => PairedBootstrap.Difference([1, 2, 3], [1, 2], seed: 1));
        Assert.Throws<ArgumentException>(() => PairedBootstrap.Difference([1], [2], seed: 1));
        Assert.Throws<ArgumentException>(() => PairedBootstrap.Difference([1, 2], [2, 3], seed: 1, confidence: 1));
        Assert.Throws<ArgumentException>(() => PairedBootstrap.Difference([1, 2], [2, 3], seed: 1, resamples: 10));
    }

    static double Share(double[] sorted, double below) => (double)sorted.Count(v => v < below) / sorted.Length;
}
