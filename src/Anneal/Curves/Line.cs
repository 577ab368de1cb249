using Anneal.Statistics;

namespace Anneal.Curves;

// The straight line of least squares through a stretch of a curve.
readonly record struct Line(double From, double To, double AtFrom, double AtTo)
{
    public double Rise => AtTo - AtFrom;

    public double Slope => To > From ? Rise / (To - From) : 0;

    public static Line Through(IReadOnlyList<CurvePoint> points)
    {
        double meanX = points.Average(p => p.Epochs);
        double meanY = points.Average(p => p.Value);
        double spread = points.Sum(p => (p.Epochs - meanX) * (p.Epochs - meanX));
        double slope = spread > 0 ? points.Sum(p => (p.Epochs - meanX) * (p.Value - meanY)) / spread : 0;
        double from = points[0].Epochs;
        double to = points[^1].Epochs;
        return new Line(from, to, meanY + slope * (from - meanX), meanY + slope * (to - meanX));
    }

    // Standard deviation of the noise on a curve from its second differences: a trend leaves none, and the median does
    // not mind a single jump where the rate drops. For normal noise they have 6 times its variance.
    public static double Noise(IReadOnlyList<CurvePoint> points)
    {
        double[] bends = new double[points.Count - 2];
        for (int i = 0; i < bends.Length; i++)
        {
            bends[i] = Math.Abs(points[i].Value - 2 * points[i + 1].Value + points[i + 2].Value);
        }
        return Median.Of(bends) / 0.6745 / Math.Sqrt(6);
    }
}
