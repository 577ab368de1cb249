using Anneal.Metrics;

namespace Anneal.Tests.Metrics;

public class NegativeLogLikelihoodTests
{
    [Fact]
    public void IsTheLogarithmOfTheClassesWhereNothingIsKnown() =>
        Assert.Equal(Math.Log(10), NegativeLogLikelihood.Mean(new float[20], 10, [3, 7]), 1e-15);

    [Fact]
    public void IsTheLogitGapWhereTheNetworkIsSureAndWrong() =>
        Assert.Equal(1000, NegativeLogLikelihood.Mean([1000, 0], 2, [1]), 1e-9);

    [Fact]
    public void ShrinksTheGapByTheTemperature() =>
        Assert.Equal(Math.Log(1 + Math.Exp(-2)), NegativeLogLikelihood.Mean([6, 0], 2, [0], temperature: 3), 1e-15);

    [Fact]
    public void DoesNotDriftOverManyExamples()
    {
        const int n = 200_000;
        float[] logits = new float[2 * n];
        Assert.Equal(Math.Log(2), NegativeLogLikelihood.Mean(logits, 2, new long[n]), 1e-15);
    }

    [Fact]
    public void CarriesABrokenLogitOn() =>
        Assert.Equal(double.NaN, NegativeLogLikelihood.Mean([0, 1, float.NaN, 0], 2, [0, 1]));

    [Fact]
    public void OfNothingIsNotANumber() => Assert.Equal(double.NaN, NegativeLogLikelihood.Mean([], 2, []));
}
