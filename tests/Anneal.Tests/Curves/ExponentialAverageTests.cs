using Anneal.Curves;

namespace Anneal.Tests.Curves;

public class ExponentialAverageTests
{
    [Fact]
    public void IsTheFirstNumberAfterOneNumber() => Assert.Equal(7, new ExponentialAverage(0.98).Add(7).Value, 1e-12);

    [Fact]
    public void StaysAtAConstant() =>
        Assert.All(ExponentialAverage.Smooth([3, 3, 3, 3, 3], 0.9), v => Assert.Equal(3, v, 1e-12));

    [Fact]
    public void FadesOlderNumbersByTheFactor() =>
        Assert.Equal((0.5 * 0.5 * 1 + 0.5 * 2 + 4) / (0.25 + 0.5 + 1), ExponentialAverage.Smooth([1, 2, 4], 0.5)[2], 1e-12);

    [Fact]
    public void WithFactorZeroIsTheLastNumber() => Assert.Equal([1, 5, 2], ExponentialAverage.Smooth([1, 5, 2], 0));

    [Fact]
    public void OfNothingIsNotANumber() => Assert.Equal(double.NaN, new ExponentialAverage(0.9).Value);

    [Theory]
    [InlineData(1)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void RefusesAFactorOutsideItsRange(double factor)
    {
        Assert.Throws<ArgumentException>(() => new ExponentialAverage(factor));
    }
}
