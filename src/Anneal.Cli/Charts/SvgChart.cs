using System.Globalization;
using System.Net;
using System.Text;
using Anneal.Cli.Display;

namespace Anneal.Cli.Charts;

/// <summary>Charts one under the other on one clock, as a picture that stands alone and follows the reader's light or dark theme.</summary>
static class SvgChart
{
    const int Width = 720;
    const int Left = 72;
    const int Right = 16;
    const int PlotHeight = 160;
    const int Columns = 600;

    // The report's colours.
    static readonly string[] Light = ["#1e5aa8", "#b3541e", "#2d7a5b", "#7a4fa3", "#8a6d00"];
    static readonly string[] Dark = ["#8ab4f8", "#f2a06a", "#6fcf9f", "#c9a3ee", "#e0c255"];

    /// <summary>Draws panels.</summary>
    /// <param name="panels">Each with the curves that share its scale and its axis.</param>
    /// <param name="marks">Upright lines through every panel, with their names.</param>
    internal static string Draw(IReadOnlyList<IReadOnlyList<ICurve>> panels, params IReadOnlyList<Mark> marks)
    {
        StringBuilder body = new();
        int top = 8;
        int colour = 0;
        foreach (IReadOnlyList<ICurve> curves in panels)
        {
            int first = panels.Count > 1 ? colour : 0;
            foreach (ICurve curve in curves)
            {
                top += 18;
                body.Append(CultureInfo.InvariantCulture, $"<text class=\"name c{colour % Light.Length}\" x=\"{Left}\" y=\"{top}\">{WebUtility.HtmlEncode(curve.Name)}</text>\n");
                colour++;
            }
            top += 12;
            Panel(body, curves, marks, top, first);
            top += PlotHeight + 26;
        }
        return $$"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{Width}} {{top}}" width="{{Width}}" height="{{top}}" role="img" aria-label="{{WebUtility.HtmlEncode(string.Join("; ", panels.SelectMany(curves => curves).Select(curve => curve.Name)))}}">
            <style>
            text { font: 12px system-ui, sans-serif; fill: #565d68 } .name { font-weight: 600 } .axis { stroke: #d5d1c8; fill: none } .line { fill: none; stroke-width: 2; stroke-linejoin: round }
            {{Colours(Light)}}
            @media (prefers-color-scheme: dark) { text { fill: #a4aab5 } .axis { stroke: #31353d } {{Colours(Dark)}} }
            </style>
            {{body}}</svg>

            """;
    }

    static string Colours(string[] colours) =>
        string.Join(' ', colours.Select((colour, index) => $"text.c{index} {{ fill: {colour} }} path.c{index} {{ stroke: {colour} }}"));

    static void Panel(StringBuilder body, IReadOnlyList<ICurve> curves, IReadOnlyList<Mark> marks, int top, int colour)
    {
        (double Low, double High)[][] all = [.. curves.Select(curve => curve.Columns(Columns).ToArray())];
        double low = all.Min(each => each.Min(column => column.Low));
        // Scheduled values are read against zero; what marks point at lies in the shape of the curve.
        low = marks.Count > 0 ? low : Math.Min(0, low);
        double high = all.Max(each => each.Max(column => column.High));
        high = high > low ? high : low + 1;
        int bottom = top + PlotHeight;
        body.Append(CultureInfo.InvariantCulture, $"<path class=\"axis\" d=\"M{Left} {top}V{bottom}H{Width - Right}\"/>\n");
        body.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 8}\" y=\"{top + 4}\" text-anchor=\"end\">{Words.Number(high)}</text>\n");
        body.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 8}\" y=\"{bottom + 4}\" text-anchor=\"end\">{Words.Number(low)}</text>\n");
        body.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{bottom + 16}\">{WebUtility.HtmlEncode(curves[0].First)}</text>\n");
        body.Append(CultureInfo.InvariantCulture, $"<text x=\"{Width - Right}\" y=\"{bottom + 16}\" text-anchor=\"end\">{WebUtility.HtmlEncode(curves[0].Last)}</text>\n");
        int row = 0;
        foreach (Mark mark in marks.OrderBy(mark => mark.Place))
        {
            double x = Left + ((Width - Left - Right) * mark.Place);
            body.Append(CultureInfo.InvariantCulture, $"<path class=\"axis\" stroke-dasharray=\"3 3\" d=\"M{x:F1} {top}V{bottom}\"/>\n");
            body.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + 4:F1}\" y=\"{bottom - 8 - (16 * row++)}\">{WebUtility.HtmlEncode(mark.Name)}</text>\n");
        }
        for (int index = 0; index < all.Length; index++)
        {
            StringBuilder path = new();
            for (int column = 0; column < Columns; column++)
            {
                double x = Left + ((Width - Left - Right) * (column + 0.5) / Columns);
                // The side nearer to the point before comes first, so that a jump is one upright line.
                (double from, double to) = all[index][column];
                if (column > 0 && Math.Abs(from - all[index][column - 1].High) > Math.Abs(to - all[index][column - 1].High))
                {
                    (from, to) = (to, from);
                }
                path.Append(CultureInfo.InvariantCulture, $"{(column == 0 ? 'M' : 'L')}{x:F1} {Y(from):F1}");
                if (from != to)
                {
                    path.Append(CultureInfo.InvariantCulture, $"L{x:F1} {Y(to):F1}");
                }
            }
            body.Append(CultureInfo.InvariantCulture, $"<path class=\"line c{(colour + index) % Light.Length}\" d=\"{path}\"/>\n");
        }

        double Y(double value) => bottom - ((value - low) / (high - low) * PlotHeight);
    }
}
