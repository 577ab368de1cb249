using System.Globalization;
using System.Text.Json;
using Anneal.Calibration;
using Anneal.Metrics;

namespace Anneal.Tests.Calibration;

/// <summary>Against scikit-learn, scipy and the papers' definitions in numpy (<c>calibration_golden.py</c>): logits too flat, about right and too sharp.</summary>
public class CalibrationGoldenTests
{
    static readonly JsonElement Golden = GoldenFile.Read("calibration_golden.json");
    static readonly int Classes = Golden.GetProperty("classes").GetInt32();
    static readonly long[] Labels = Golden.GetProperty("labels").Longs();

    public static TheoryData<int, int> Measured => new() { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 }, { 2, 0 }, { 2, 1 } };

    [Theory]
    [MemberData(nameof(Measured))]
    public void SummaryAgrees(int which, int temperature)
    {
        (float[] logits, JsonElement expected) = Case(which, temperature);
        CalibrationSummary summary = CalibrationSummary.Measure(logits, Classes, Labels, expected.Number("temperature"));

        Assert.Equal(expected.Number("expected"), summary.ExpectedCalibrationError, 1e-12);
        Assert.Equal(expected.Number("maximum"), summary.MaximumCalibrationError, 1e-12);
        Assert.Equal(expected.Number("likelihood"), summary.NegativeLogLikelihood, 1e-12);
        Assert.Equal(expected.Number("brier"), summary.BrierScore, 1e-12);
        Assert.Equal(expected.GetProperty("counts").Longs(), summary.Bins.Select(b => (long)b.Count));
        Assert.Equal(expected.GetProperty("confidences").Doubles(), summary.Bins.Select(b => b.Confidence), Near);
        Assert.Equal(expected.GetProperty("accuracies").Doubles(), summary.Bins.Select(b => b.Accuracy), Near);
    }

    [Theory]
    [MemberData(nameof(Measured))]
    public void VariantsAgree(int which, int temperature)
    {
        (float[] logits, JsonElement expected) = Case(which, temperature);
        double t = expected.Number("temperature");
        double[] p = Probabilities.Softmax(logits, Classes, t);
        double[] confidences = [.. p.Chunk(Classes).Select(row => row.Max())];
        bool[] right = [.. p.Chunk(Classes).Select((row, i) => Array.IndexOf(row, row.Max()) == Labels[i])];
        IReadOnlyList<ReliabilityBin> width = ReliabilityDiagram.EqualWidth(confidences, right);

        Assert.Equal(expected.Number("root-mean-square"), CalibrationError.RootMeanSquare(width), 1e-12);
        Assert.Equal(expected.Number("overconfidence"), CalibrationError.Overconfidence(width), 1e-12);
        Assert.Equal(expected.Number("equal-mass"), CalibrationError.Expected(ReliabilityDiagram.EqualMass(confidences, right)), 1e-12);
        Assert.Equal(expected.Number("class-wise"), CalibrationError.ClassWise(logits, Classes, Labels, t), 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void FittedTemperatureAgrees(int which)
    {
        (float[] logits, _) = Case(which, 0);
        JsonElement expected = Golden.GetProperty("cases")[which];
        double fitted = TemperatureScaling.Fit(logits, Classes, Labels);

        // A minimizer that compares values finds its place only to the root of the rounding error.
        Assert.Equal(expected.Number("fitted"), fitted, 1e-6 * fitted);
        Assert.Equal(expected.Number("fitted-likelihood"), NegativeLogLikelihood.Mean(logits, Classes, Labels, fitted), 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void ShrunkTemperatureAgreesForFewExamplesAndMany(int which)
    {
        (float[] logits, _) = Case(which, 0);
        foreach (JsonProperty expected in Golden.GetProperty("cases")[which].GetProperty("shrunk").EnumerateObject())
        {
            int examples = int.Parse(expected.Name, CultureInfo.InvariantCulture);
            double shrunk = TemperatureScaling.FitCautiously(logits.AsSpan(0, examples * Classes), Classes, Labels.AsSpan(0, examples)).Shrunk;

            Assert.Equal(expected.Value.GetDouble(), shrunk, 1e-6 * shrunk);
        }
    }

    static (float[] Logits, JsonElement Expected) Case(int which, int temperature)
    {
        JsonElement chosen = Golden.GetProperty("cases")[which];
        return (chosen.GetProperty("logits").Floats(), chosen.GetProperty("measured")[temperature]);
    }

    static bool Near(double expected, double actual) => Math.Abs(expected - actual) < 1e-12;
}
