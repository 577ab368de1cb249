using Anneal.Statistics;

namespace Anneal.Curves;

// A straight line through a stretch of a curve: the median slope between two of its points (Theil 1950, Sen 1968), so that a
// spike at one end makes no trend.
readonly record struct Line(double From, double To, double AtFrom, double AtTo)
{
    public double Rise => AtTo - AtFrom;

    public double Slope => To > From ? Rise / (To - From) : 0;

    public static Line Through(IReadOnlyList<CurvePoint> points)
    {
        List<double> slopes = [];
        for (int i = 0; i < points.Count; i++)
        {
            for (int j = i + 1; j < points.Count; j++)
            {
                if (points[j].Epochs > points[i].Epochs)
                {
                    slopes.Add((points[j].Value - points[i].Value) / (points[j].Epochs - points[i].Epochs));
                }
            }
        }
        double slope = slopes.Count > 0 ? Median.Of([.. slopes]) : 0;
        double from = points[0].Epochs;
        double to = points[^1].Epochs;
        double atFrom = Median.Of([.. points.Select(p => p.Value - slope * (p.Epochs - from))]);
        return new Line(from, to, atFrom, atFrom + slope * (to - from));
    }

    // Standard deviation of the noise on a curve from its second differences: a trend leaves none, and the median does
    // not mind a single jump where the rate drops. For normal noise they have 6 times its variance.
    public static double Noise(IReadOnlyList<CurvePoint> points)
    {
        if (points.Count < 3)
        {
            return 0;
        }
        double[] bends = new double[points.Count - 2];
        for (int i = 0; i < bends.Length; i++)
        {
            bends[i] = Math.Abs(points[i].Value - 2 * points[i + 1].Value + points[i + 2].Value);
        }
        return Median.Of(bends) / 0.6745 / Math.Sqrt(6);
    }
}
