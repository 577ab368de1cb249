using System.Globalization;
using Anneal.Calibration;
using Anneal.Reports.Markup;

namespace Anneal.Reports.Charts;

/// <summary>Accuracy against confidence, bin by bin, with the gap to the diagonal and the number of examples below (Guo et al. 2017, figure 1).</summary>
static class ReliabilityDrawing
{
    const double Left = 44, Top = 10, Side = 300, CountsTop = 326, CountsHeight = 46;

    public static Html Draw(CalibrationSummary summary, string title)
    {
        int most = Math.Max(1, summary.Bins.Max(bin => bin.Count));
        return Html.Of($"""
            <svg class="reliability" viewBox="-6 0 380 412" role="img" aria-label="{title}: accuracy against confidence in {summary.Bins.Count} bins; expected calibration error {Numerals.Percent(summary.ExpectedCalibrationError)}">
            <g class="grid">{Ticks().Select(tick => Html.Of($"""<path d="M{X(tick)} {Number(Top)}V{Number(Top + Side)}M{Number(Left)} {Y(tick)}H{Number(Left + Side)}"/>"""))}</g>
            {summary.Bins.Where(bin => bin.Count > 0).Select(bin => Bin(bin, most))}
            <path class="diagonal" d="M{X(0)} {Y(0)}L{X(1)} {Y(1)}"/>
            <g class="ticks">{Ticks().Select(tick => Html.Of($"""<text x="{X(tick)}" y="386" text-anchor="middle">{Numerals.Percent(tick, 0)}</text><text x="{Number(Left - 6)}" y="{Number(Top + Side * (1 - tick) + 4)}" text-anchor="end">{Numerals.Percent(tick, 0)}</text>"""))}
            <text x="{X(0.5)}" y="406" text-anchor="middle">confidence</text><text x="{Number(Left - 6)}" y="{Number(CountsTop + CountsHeight)}" text-anchor="end">count</text></g>
            </svg>
            """);
    }

    static Html Bin(ReliabilityBin bin, int most)
    {
        double left = Left + Side * bin.Lower + 1;
        double width = Math.Max(1, Side * (bin.Upper - bin.Lower) - 2);
        (double low, double high) = (Math.Min(bin.Accuracy, bin.Confidence), Math.Max(bin.Accuracy, bin.Confidence));
        // Counts differ by powers of ten; a square root keeps the small bins visible.
        double height = Math.Max(1, CountsHeight * Math.Sqrt((double)bin.Count / most));
        return Html.Of($"""
            <g><title>Confidence {Numerals.Percent(bin.Lower, 1)} to {Numerals.Percent(bin.Upper, 1)}: {Numerals.Count(bin.Count)} examples, mean confidence {Numerals.Percent(bin.Confidence)}, accuracy {Numerals.Percent(bin.Accuracy)}</title>
            {Bar("bar", left, width, 0, bin.Accuracy)}{Bar(bin.Accuracy < bin.Confidence ? "gap over" : "gap under", left, width, low, high)}
            <path class="mean" d="M{Number(left)} {Y(bin.Accuracy)}h{Number(width)}"/>
            <rect class="count" x="{Number(left)}" y="{Number(CountsTop + CountsHeight - height)}" width="{Number(width)}" height="{Number(height)}"/></g>

            """);
    }

    static Html Bar(string kind, double left, double width, double from, double to) =>
        Html.Of($"""<rect class="{kind}" x="{Number(left)}" y="{Y(to)}" width="{Number(width)}" height="{Number(Side * (to - from))}"/>""");

    static IEnumerable<double> Ticks() => [0, 0.25, 0.5, 0.75, 1];

    static string X(double share) => Number(Left + Side * share);

    static string Y(double share) => Number(Top + Side * (1 - share));

    static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
