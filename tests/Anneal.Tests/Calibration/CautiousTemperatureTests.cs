using Anneal.Calibration;
using Anneal.Metrics;
using Anneal.Randomness;

namespace Anneal.Tests.Calibration;

/// <summary>A temperature does no harm, however few the examples: it is shrunk towards 1, and kept where it is shown to help.</summary>
public class CautiousTemperatureTests
{
    // A good small classifier: sure of most, unsure of some, and as often right as it says. 1 is its best temperature.
    static readonly (float Gap, double Share)[] Honest = [(8, 0.85), (5, 0.1), (1.5f, 0.05)];

    [Fact]
    public void FewExamplesThatAreAllRightChangeNothing()
    {
        float[] logits = [.. Enumerable.Range(0, 141).SelectMany(i => new[] { 2f + (i % 5), 0f })];
        TemperatureFit fit = TemperatureScaling.FitCautiously(logits, 2, new long[141]);

        Assert.Equal(TemperatureScaling.Lowest, fit.Likeliest);
        Assert.False(fit.Kept);
        Assert.Equal(1, fit.Temperature);
        Assert.Equal("all 141 examples are right, and do not say how sure to be", fit.Reason);
    }

    [Fact]
    public void AMistakeByAHairBesideHundredFortyRightOnesChangesLittle()
    {
        // The likeliest temperature is that of the one mistake; the next mistakes will not be as small.
        float[] logits = [.. Enumerable.Range(0, 141).SelectMany(i => new[] { i == 70 ? -0.1f : 3f, 0f })];
        TemperatureFit fit = TemperatureScaling.FitCautiously(logits, 2, new long[141]);

        Assert.InRange(fit.Likeliest, 0, 0.5);
        Assert.InRange(fit.Temperature, 0.55, 1);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(40)]
    [InlineData(141)]
    public void WhereTheClassifierIsHonestNoSmallSampleMakesItMuchWorse(int examples)
    {
        const int draws = 200;
        double honest = ExpectedLoss(1);
        double worst = 0;
        double worstLikeliest = 0;
        for (int draw = 0; draw < draws; draw++)
        {
            (float[] logits, long[] labels) = Sample(examples, draw, sharpness: 1);
            TemperatureFit fit = TemperatureScaling.FitCautiously(logits, 2, labels);
            worst = Math.Max(worst, ExpectedLoss(fit.Temperature) / honest);
            worstLikeliest = Math.Max(worstLikeliest, ExpectedLoss(fit.Likeliest) / honest);
            Assert.InRange(fit.Shrunk, Math.Min(1, fit.Likeliest), Math.Max(1, fit.Likeliest));
        }

        Assert.True(worst < 1.1, $"The worst of {draws} samples multiplies the expected loss by {worst}.");
        // The test has teeth: the plain fit fails it by far.
        Assert.True(worstLikeliest > 2, $"The plain fit multiplies it by {worstLikeliest}.");
    }

    [Theory]
    [InlineData(0.4f)]
    [InlineData(2.5f)]
    public void OfThousandsOfExamplesItIsThePlainFit(float sharpness)
    {
        (float[] logits, long[] labels) = Sample(5000, draw: 0, sharpness);
        TemperatureFit fit = TemperatureScaling.FitCautiously(logits, 2, labels);

        Assert.True(fit.Kept, fit.Reason);
        Assert.Equal(fit.Likeliest, fit.Temperature, 0.035 * fit.Likeliest);
        Assert.Equal(NegativeLogLikelihood.Mean(logits, 2, labels), fit.CrossValidatedBefore, 1e-12);
        Assert.Equal(NegativeLogLikelihood.Mean(logits, 2, labels, fit.Likeliest), fit.CrossValidatedAfter!.Value, 0.001);
    }

    [Fact]
    public void WhatIsNotKeptSaysWhatCrossValidationFound()
    {
        (float[] logits, long[] labels) = Sample(500, draw: 4, sharpness: 1);
        TemperatureFit fit = TemperatureScaling.FitCautiously(logits, 2, labels);

        Assert.False(fit.Kept);
        Assert.Equal(1, fit.Temperature);
        Assert.StartsWith("cross-validated on 500 examples, the negative log-likelihood goes from ", fit.Reason);
        Assert.True(fit.CrossValidatedAfter > fit.CrossValidatedBefore - fit.StandardError);
    }

    [Fact]
    public void OneExampleShowsNothing()
    {
        TemperatureFit fit = TemperatureScaling.FitCautiously([1, 2, 3], 3, [0]);
        Assert.Equal((false, 1.0, 1), (fit.Kept, fit.Temperature, fit.Examples));
        Assert.Null(fit.CrossValidatedAfter);
    }

    [Fact]
    public void TheOrderOfTheExamplesHardlyMatters()
    {
        (float[] logits, long[] labels) = Sample(600, draw: 1, sharpness: 2);
        int[] byLabel = [.. Enumerable.Range(0, 600).OrderBy(i => labels[i])];
        float[] sorted = [.. byLabel.SelectMany(i => logits[(2 * i)..(2 * i + 2)])];
        TemperatureFit one = TemperatureScaling.FitCautiously(logits, 2, labels);
        TemperatureFit other = TemperatureScaling.FitCautiously(sorted, 2, [.. byLabel.Select(i => labels[i])]);

        Assert.Equal(one.Temperature, other.Temperature, 1e-9);
        Assert.Equal(one.CrossValidatedAfter!.Value, other.CrossValidatedAfter!.Value, one.StandardError!.Value);
    }

    [Fact]
    public void RefusesNoExamples() => Assert.Throws<ArgumentException>(() => TemperatureScaling.FitCautiously([], 2, []));

    // Scores of examples drawn from the honest classifier, multiplied.
    static (float[] Logits, long[] Labels) Sample(int examples, int draw, float sharpness)
    {
        RandomStream random = new(seed: 18, "temperature", epoch: draw);
        float[] logits = new float[2 * examples];
        long[] labels = new long[examples];
        for (int i = 0; i < examples; i++)
        {
            double place = random.NextDouble();
            int kind = 0;
            for (; place >= Honest[kind].Share && kind < Honest.Length - 1; kind++)
            {
                place -= Honest[kind].Share;
            }
            logits[2 * i] = sharpness * Honest[kind].Gap;
            labels[i] = random.NextDouble() < Right(Honest[kind].Gap) ? 0 : 1;
        }
        return (logits, labels);
    }

    static double ExpectedLoss(double temperature) => Honest.Sum(kind => kind.Share
        * ((Right(kind.Gap) * Math.Log(1 + Math.Exp(-kind.Gap / temperature)))
        + ((1 - Right(kind.Gap)) * Math.Log(1 + Math.Exp(kind.Gap / temperature)))));

    static double Right(double gap) => 1 / (1 + Math.Exp(-gap));
}
