using System.Globalization;
using Anneal.Events;
using Anneal.Metrics;

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

    /// <summary>A short time, such as <c>124 µs</c>, <c>8.04 ms</c> or <c>1.2 s</c>.</summary>
    internal static string Seconds(double seconds) => seconds switch
    {
        < 1e-3 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:G3} µs"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:G3} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:F1} s"),
    };

    /// <summary>The last name of a path, which may end with a slash.</summary>
    internal static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path)) is { Length: > 0 } name ? name : path;

    /// <summary>A number with its thousands apart.</summary>
    internal static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>That BatchNorm's running statistics did not fit, and what was done.</summary>
    internal static string Statistics(StatisticsRefresh refresh, long step) =>
        $"BatchNorm's running statistics do not fit the weights of step {step}: with them the loss of {Count(refresh.Examples)} training examples " +
        $"is {Number(refresh.RunningLoss)}, with each batch's own {Number(refresh.BatchLoss)}. Statistics of these examples are measured and saved " +
        $"with instead, here and wherever it happens again; the loss is then {Number(refresh.RefreshedLoss)}. " +
        "What training goes on from is unchanged.";

    /// <summary>The calibration error, and what became of the temperature.</summary>
    internal static string Calibration(Evaluation evaluation)
    {
        string before = $"ECE {Percent(evaluation.Before.ExpectedCalibrationError)}";
        string after = $"{before} → {Percent(evaluation.After.ExpectedCalibrationError)} at temperature {Number(evaluation.Temperature)}";
        return evaluation.Fit switch
        {
            { Kept: false } fit => $"{before}; the likeliest temperature, {Number(fit.Likeliest)}, is not kept: {fit.Reason}",
            { } fit when Number(fit.Shrunk) != Number(fit.Likeliest) =>
                $"{after}, shrunk from {Number(fit.Likeliest)}, the likeliest of {Count(fit.Examples)} validation examples",
            null when evaluation.Temperature == 1 =>
                $"{before}; a temperature is fitted on validation examples, of which the recipe sets none aside",
            _ => after,
        };
    }
}
