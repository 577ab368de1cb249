using System.Globalization;
using Anneal.Text;

namespace Anneal.Curves;

// Numbers as a person reads them, the same under every culture.
static class Figures
{
    // Three decimals where losses usually are, three digits where they are smaller, a power of ten where they are huge.
    public static string Loss(double value) => Math.Abs(value) switch
    {
        double.NaN => "not a number",
        double.PositiveInfinity => "infinite",
        0 => "0",
        >= 0.1 and < 1000 => value.ToString("F3", CultureInfo.InvariantCulture),
        >= 1000 and < 1e6 => value.ToString("F0", CultureInfo.InvariantCulture),
        _ => NumberText.Format(NumberText.Rounded(value)),
    };

    // One decimal; two next to 100 %, where errors are what counts.
    public static string Percent(double share)
    {
        double percent = 100 * share;
        return double.IsNaN(share) ? "not a number"
            : Math.Abs(percent) >= 1e6 ? NumberText.Format(NumberText.Rounded(percent)) + " %"
            : percent.ToString(share is >= 0.99 and < 1 ? "F2" : "F1", CultureInfo.InvariantCulture) + " %";
    }

    // A difference of two shares. Without a minus sign where it rounds to nothing.
    public static string Points(double difference)
    {
        double points = Math.Round(100 * difference, Math.Abs(difference) < 0.001 ? 2 : 1) + 0.0;
        return (points == 0 ? 0 : points).ToString(Math.Abs(difference) is < 0.001 and > 0 ? "F2" : "F1", CultureInfo.InvariantCulture) + " points";
    }

    // One decimal, none where the number is whole and large.
    public static string Epochs(double epochs) => epochs.ToString(epochs < 1 ? "F2" : "F1", CultureInfo.InvariantCulture);

    public static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
