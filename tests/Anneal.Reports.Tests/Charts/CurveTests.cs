using Anneal.Reports.Charts;

namespace Anneal.Reports.Tests.Charts;

public sealed class CurveTests
{
    [Fact]
    public void ThinningKeepsEndsAndEverySpike()
    {
        double[] x = [.. Enumerable.Range(0, 10_000).Select(i => (double)i)];
        double[] y = [.. x.Select(i => Math.Sin(i / 500))];
        y[1234] = 99;
        y[8765] = -99;
        Curve thin = new Curve(x, y).Thin(200);

        Assert.InRange(thin.Count, 100, 200);
        Assert.Equal((0, 9999), (thin.X[0], thin.X[^1]));
        Assert.Equal(99, thin.Y.Max());
        Assert.Equal(-99, thin.Y.Min());
        Assert.Equal(thin.X.Distinct().Order(), thin.X);
        Assert.All(thin.X.Zip(thin.Y), point => Assert.Equal(y[(int)point.First], point.Second));
    }

    [Fact]
    public void ThinningLeavesAShortCurveAlone()
    {
        Curve curve = new([1, 2, 3], [4, 5, 6]);
        Assert.Equal(curve, curve.Thin(3));
    }

    [Fact]
    public void ThinningPassesOverWhatIsNotFinite()
    {
        double[] x = [.. Enumerable.Range(0, 1000).Select(i => (double)i)];
        Curve thin = new Curve(x, [.. x.Select(i => i is > 100 and < 900 ? double.NaN : 1.0)]).Thin(50);
        Assert.DoesNotContain(thin.Y, double.IsNaN);
    }

    [Fact]
    public void TakesTheLastOfSeveralPointsAtOnePlace()
    {
        Curve curve = Curve.From([(2, 20), (1, 10), (double.NaN, 5), (2, 21)]);
        Assert.Equal([1, 2], curve.X);
        Assert.Equal([10, 21], curve.Y);
    }
}
