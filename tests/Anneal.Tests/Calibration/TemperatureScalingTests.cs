using Anneal.Calibration;

namespace Anneal.Tests.Calibration;

public class TemperatureScalingTests
{
    [Theory]
    [InlineData(0.5f)]
    [InlineData(1f)]
    [InlineData(4f)]
    [InlineData(15f)]
    public void UndoesAKnownTemperature(float temperature)
    {
        // Three of four right, so the honest gap is log 3.
        float gap = temperature * MathF.Log(3);
        double fitted = TemperatureScaling.Fit([gap, 0, gap, 0, gap, 0, gap, 0], 2, [0, 0, 0, 1]);
        Assert.Equal(temperature, fitted, 1e-6 * temperature);
    }

    [Fact]
    public void DoesNotMindAShiftOfAllLogits() =>
        Assert.Equal(
            TemperatureScaling.Fit([2, 0, 1, 0, 0, 3], 2, [0, 1, 1]),
            TemperatureScaling.Fit([102, 100, 1, 0, -50, -47], 2, [0, 1, 1]), 1e-9);

    [Fact]
    public void StopsAtTheLowestWhereEverythingIsRight() =>
        Assert.Equal(TemperatureScaling.Lowest, TemperatureScaling.Fit([2, 0, 0, 1], 2, [0, 1]));

    [Fact]
    public void StopsAtTheHighestWhereNothingIsBetterThanChance() =>
        Assert.Equal(TemperatureScaling.Highest, TemperatureScaling.Fit([2, 0, 0, 1], 2, [1, 0]));

    [Fact]
    public void FindsItsWayWhereNewtonOvershoots()
    {
        // Far from the answer the slope is flat: huge gaps, one of ten thousand wrong.
        const int n = 10_000;
        float[] logits = [.. Enumerable.Range(0, n).SelectMany(_ => new[] { 100f, 0f })];
        long[] labels = new long[n];
        labels[0] = 1;
        Assert.Equal(100 / Math.Log(n - 1), TemperatureScaling.Fit(logits, 2, labels), 1e-6);
    }

    [Fact]
    public void RefusesNoExamples() => Assert.Throws<ArgumentException>(() => TemperatureScaling.Fit([], 2, []));

    [Fact]
    public void RefusesABrokenLogit() =>
        Assert.Throws<ArgumentException>(() => TemperatureScaling.Fit([float.PositiveInfinity, 0], 2, [0]));
}
