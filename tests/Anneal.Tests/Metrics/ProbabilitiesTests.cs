using Anneal.Metrics;

namespace Anneal.Tests.Metrics;

public class ProbabilitiesTests
{
    [Fact]
    public void AreTheExponentialsOverTheirSum()
    {
        double[] p = Probabilities.Softmax([0, MathF.Log(2), MathF.Log(5)], 3);
        Assert.Equal([1.0 / 8, 2.0 / 8, 5.0 / 8], p, (a, b) => Math.Abs(a - b) < 1e-7);
    }

    [Fact]
    public void TemperatureDividesTheLogits()
    {
        double[] warm = Probabilities.Softmax([3, -1, 0.5f], 3, temperature: 2);
        Assert.Equal(Probabilities.Softmax([1.5f, -0.5f, 0.25f], 3), warm, (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Theory]
    [InlineData(3e38f)]
    [InlineData(-3e38f)]
    public void DoNotOverflow(float shift)
    {
        double[] p = Probabilities.Softmax([shift, shift], 2);
        Assert.Equal([0.5, 0.5], p);
    }

    [Fact]
    public void AreComputedRowByRow()
    {
        double[] p = Probabilities.Softmax([1, 2, 30, 4], 2);
        Assert.Equal(1 / (1 + Math.E), p[0], 1e-15);
        Assert.Equal(1 / (1 + Math.Exp(-26)), p[2], 1e-15);
    }

    [Fact]
    public void CarryABrokenLogitOn() => Assert.All(Probabilities.Softmax([1, float.NaN], 2), p => Assert.Equal(double.NaN, p));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void RefuseATemperatureThatIsNotPositive(double temperature) =>
        Assert.Throws<ArgumentException>(() => Probabilities.Softmax([1, 2], 2, temperature));

    [Fact]
    public void RefuseAPartialRow() => Assert.Throws<ArgumentException>(() => Probabilities.Softmax([1, 2, 3], 2));
}
