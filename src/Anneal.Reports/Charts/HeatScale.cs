using System.Globalization;
using System.Text;

namespace Anneal.Reports.Charts;

/// <summary>The colours of a confusion matrix: one hue for what is right, one for what is wrong, each from the page's surface to full.</summary>
/// <remarks>
/// A cell's text is black or white, whichever stands out more; that is never below 4.58 : 1
/// (WCAG 2.2, success criterion 1.4.3, asks for 4.5 : 1).
/// </remarks>
static class HeatScale
{
    public const int Levels = 20;

    static readonly (string Scheme, Colour Surface, Colour Right, Colour Wrong)[] Schemes =
    [
        ("light", new(0xFF, 0xFF, 0xFF), new(0x1E, 0x5A, 0xA8), new(0xB8, 0x3B, 0x1B)),
        ("dark", new(0x1D, 0x20, 0x26), new(0x74, 0xA7, 0xF2), new(0xF0, 0x94, 0x64)),
    ];

    /// <summary>The style class of a cell.</summary>
    /// <param name="share">Share of its row, 0 to 1. The scale is a square root, so that rare mistakes are seen.</param>
    /// <param name="right">Whether the cell counts right predictions.</param>
    public static string Class(double share, bool right) =>
        (right ? "r" : "w") + (int)Math.Round(Levels * Math.Sqrt(Math.Clamp(share, 0, 1)));

    public static string StyleSheet()
    {
        StringBuilder css = new();
        foreach ((string? scheme, Colour surface, Colour right, Colour wrong) in Schemes)
        {
            css.Append("@media (prefers-color-scheme: ").Append(scheme).Append(") {\n");
            for (int level = 0; level <= Levels; level++)
            {
                foreach ((string? name, Colour full) in (ReadOnlySpan<(string, Colour)>)[("r", right), ("w", wrong)])
                {
                    Colour background = Colour.Between(surface, full, (double)level / Levels);
                    css.Append(CultureInfo.InvariantCulture, $".heat .{name}{level} {{ background: {background}; color: {background.Ink} }}\n");
                }
            }

            css.Append("}\n");
        }
        return css.ToString();
    }

    internal readonly record struct Colour(byte Red, byte Green, byte Blue)
    {
        static readonly Colour Black = new(0, 0, 0);
        static readonly Colour White = new(255, 255, 255);

        public Colour Ink => Contrast(this, Black) >= Contrast(this, White) ? Black : White;

        /// <summary>Relative luminance, 0 to 1 (WCAG 2.2, definitions).</summary>
        double Luminance => 0.2126 * Linear(Red) + 0.7152 * Linear(Green) + 0.0722 * Linear(Blue);

        public static double Contrast(Colour one, Colour other)
        {
            (double low, double high) = (Math.Min(one.Luminance, other.Luminance), Math.Max(one.Luminance, other.Luminance));
            return (high + 0.05) / (low + 0.05);
        }

        public static Colour Between(Colour from, Colour to, double share)
        {
            byte Mix(byte a, byte b) => (byte)Math.Round(a + (b - a) * share);
            return new(Mix(from.Red, to.Red), Mix(from.Green, to.Green), Mix(from.Blue, to.Blue));
        }

        public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";

        static double Linear(byte value)
        {
            double share = value / 255.0;
            return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
        }
    }
}
