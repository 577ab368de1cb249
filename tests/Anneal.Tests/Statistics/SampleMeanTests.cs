using Anneal.Statistics;

namespace Anneal.Tests.Statistics;

public class SampleMeanTests
{
    [Fact]
    public void KnowsDeviationAndError()
    {
        SampleMean mean = SampleMean.Of([2, 4, 4, 4, 5, 5, 7, 9]);
        Assert.Equal(5, mean.Mean);
        Assert.Equal(Math.Sqrt(32.0 / 7), mean.StandardDeviation, 1e-12);
        Assert.Equal(Math.Sqrt(32.0 / 7 / 8), mean.StandardError, 1e-12);
    }

    [Fact]
    public void KeepsSmallDeviationsFarFromZero() =>
        Assert.Equal(1, SampleMean.Of([1e9, 1e9 + 1, 1e9 + 2]).StandardDeviation, 1e-9);

    [Fact]
    public void OfOneHasNoDeviation() => Assert.Equal((3.0, double.NaN), (SampleMean.Of([3]).Mean, SampleMean.Of([3]).StandardDeviation));

    [Fact]
    public void NeedsAMeasurement() => Assert.Throws<ArgumentException>(() => SampleMean.Of([]));
}
