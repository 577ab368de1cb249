using Anneal.Statistics;

namespace Anneal.Tests.Statistics;

public class MedianTests
{
    [Theory]
    [InlineData(new double[] { 3 }, 3)]
    [InlineData(new double[] { 9, 1, 4 }, 4)]
    [InlineData(new double[] { 9, 1, 4, 2 }, 3)]
    public void IsTheMiddleOrTheMeanOfTheMiddleTwo(double[] values, double expected)
    {
        double[] given = [.. values];
        Assert.Equal(expected, Median.Of(values));
        Assert.Equal(given, values);
    }

    [Fact]
    public void NeedsANumber() => Assert.Throws<ArgumentException>(() => Median.Of([]));
}
