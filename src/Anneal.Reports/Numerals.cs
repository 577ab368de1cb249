using System.Globalization;

namespace Anneal.Reports;

/// <summary>Numbers for people: as many digits as mean something, and a dash for what was not measured.</summary>
static class Numerals
{
    const string Nothing = "–";

    // Narrow, and a line never breaks at it.
    const char Space = '\u202F';

    /// <summary>A share as a percentage, two decimals: one example in ten thousand is still seen.</summary>
    public static string Percent(double? share, int decimals = 2) =>
        share is { } value && double.IsFinite(value) ? (100 * value).ToString("F" + decimals, CultureInfo.InvariantCulture) + Space + "%" : Nothing;

    /// <summary>Four significant digits by default; powers of ten outside 0.001 to 100,000.</summary>
    public static string Significant(double? number, int digits = 4)
    {
        if (number is not { } value || double.IsNaN(value))
        {
            return Nothing;
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "∞" : "−∞";
        }

        if (value == 0)
        {
            return "0";
        }

        double size = Math.Abs(value);
        if (size is >= 1e-3 and < 1e5)
        {
            int before = Math.Max(0, (int)Math.Floor(Math.Log10(size)) + 1);
            int leading = size < 1 ? -(int)Math.Floor(Math.Log10(size)) - 1 : 0;
            string fixedPoint = value.ToString("F" + Math.Max(0, digits - before + leading), CultureInfo.InvariantCulture);
            return Sign(fixedPoint.Contains('.') ? fixedPoint.TrimEnd('0').TrimEnd('.') : fixedPoint);
        }
        string[] parts = value.ToString("E" + (digits - 1), CultureInfo.InvariantCulture).Split('E');
        string mantissa = parts[0].Contains('.') ? parts[0].TrimEnd('0').TrimEnd('.') : parts[0];
        return Sign($"{mantissa}e{int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)}");
    }

    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>0.84 s</c>, <c>42 s</c>, <c>9 min 42 s</c> or <c>2 h 05 min</c>.</summary>
    public static string Duration(double? seconds)
    {
        if (seconds is not { } value || !double.IsFinite(value) || value < 0)
        {
            return Nothing;
        }

        if (value < 9.95)
        {
            return $"{Significant(value, 2)}{Space}s";
        }

        if (value < 59.5)
        {
            return $"{value:F0}{Space}s";
        }

        if (value >= 1e9)
        {
            return $"{Significant(value)}{Space}s";
        }

        long whole = (long)Math.Round(value);
        return whole < 3600
            ? $"{whole / 60}{Space}min {whole % 60:00}{Space}s"
            : $"{whole / 3600}{Space}h {whole % 3600 / 60:00}{Space}min";
    }

    // A minus sign is as wide as a plus; a hyphen is not.
    static string Sign(string number) => number.StartsWith('-') ? "−" + number[1..] : number;
}
