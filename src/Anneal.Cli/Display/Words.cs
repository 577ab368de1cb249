using System.Globalization;

namespace Anneal.Cli.Display;

/// <summary>Numbers as people read them, the same in every country.</summary>
static class Words
{
    /// <summary>Four significant digits, such as <c>0.08214</c>.</summary>
    internal static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>A share of one as per cent, such as <c>93.12 %</c>.</summary>
    internal static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:F2} %");

    /// <summary>Minutes and seconds, with hours where there are any, such as <c>4:07</c>.</summary>
    internal static string Time(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time:mm\\:ss}")
        : string.Create(CultureInfo.InvariantCulture, $"{time:m\\:ss}");

    /// <summary>A number with its thousands apart.</summary>
    internal static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
