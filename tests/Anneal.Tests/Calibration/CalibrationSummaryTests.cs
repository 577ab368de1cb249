using Anneal.Calibration;

namespace Anneal.Tests.Calibration;

public class CalibrationSummaryTests
{
    [Fact]
    public void FindsNothingWrongWhereConfidenceIsTheShareOfRightOnes()
    {
        // p = (0.75, 0.25), and three of four are of class 0.
        float gap = MathF.Log(3);
        CalibrationSummary summary = CalibrationSummary.Measure([gap, 0, gap, 0, gap, 0, gap, 0], 2, [0, 0, 0, 1]);
        Assert.Equal(0, summary.ExpectedCalibrationError, 1e-7);
        Assert.Equal(0, summary.MaximumCalibrationError, 1e-7);
        Assert.Equal(2 * (0.75 * 0.0625 + 0.25 * 0.5625), summary.BrierScore, 1e-7);
        Assert.Equal(-0.75 * Math.Log(0.75) - 0.25 * Math.Log(0.25), summary.NegativeLogLikelihood, 1e-7);
    }

    [Fact]
    public void IsOffByOneWhereTheNetworkIsSureAndAlwaysWrong()
    {
        CalibrationSummary summary = CalibrationSummary.Measure([100, 0, 0, 100], 2, [1, 0]);
        Assert.Equal(1, summary.ExpectedCalibrationError, 1e-12);
        Assert.Equal(2, summary.BrierScore, 1e-12);
    }

    [Fact]
    public void HasAsManyBinsAsAskedFor() =>
        Assert.Equal(7, CalibrationSummary.Measure([1, 0], 2, [0], bins: 7).Bins.Count);

    [Fact]
    public void RefusesABrokenLogit()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => CalibrationSummary.Measure([1, 0, 0, float.NaN], 2, [0, 1]));
        Assert.Equal("Logits must be finite. Received: NaN for class 1 of example 1.", e.Message);
    }

    [Fact]
    public void RefusesNoExamples() => Assert.Throws<ArgumentException>(() => CalibrationSummary.Measure([], 2, []));
}
