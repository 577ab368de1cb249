using Anneal.Cli.Charts;
using Anneal.Curves;
using Anneal.Search;
using Anneal.Training.Tuning;

namespace Anneal.Cli.Display;

/// <summary>A range test as people read it: the curve with its marks, then every rule with its rate and its reason.</summary>
sealed class RangeTestDisplay
{
    readonly RateSweep sweep;
    readonly RangeTestAnalysis analysis;
    readonly IReadOnlyList<SuggestedRate> suggestions;
    readonly ICurve[] curves;
    readonly Mark[] marks;

    /// <summary>Prepares the curves.</summary>
    /// <param name="sweep">How the rate rose.</param>
    /// <param name="losses">What each seed measured, as far as all of them came.</param>
    /// <param name="analysis">Of their mean.</param>
    internal RangeTestDisplay(RateSweep sweep, IReadOnlyList<double[]> losses, RangeTestAnalysis analysis)
    {
        (this.sweep, this.analysis) = (sweep, analysis);
        suggestions = analysis.WithCycle();
        marks = [.. suggestions.Select(suggestion => new Mark(suggestion.Rule, Math.Clamp(Place(suggestion.Rate), 0, 1)))];
        curves = Rates.Count < 2 ? [] : [Curve("smoothed loss", analysis.Smoothed.Y), .. Band(losses)];
    }

    IReadOnlyList<double> Rates => analysis.Smoothed.X;

    /// <summary>Whether there is more than a point to draw.</summary>
    internal bool HasCurve => curves.Length > 0;

    /// <summary>The curve as a picture.</summary>
    internal string Svg() => SvgChart.Draw([curves], marks);

    /// <summary>The curve, and the rules with what they found.</summary>
    internal void Write(TextWriter writer)
    {
        if (HasCurve)
        {
            TerminalChart.Draw(writer, curves, marks);
            writer.WriteLine();
        }
        if (suggestions.Count == 0)
        {
            return;
        }
        TextTable table = new(["", "rule", "rate", "why"], rightFrom: 4);
        foreach ((int number, SuggestedRate suggestion) in suggestions.Index())
        {
            table.Add($"{number + 1}", suggestion.Rule, Words.Number(suggestion.Rate), suggestion.Reason);
        }
        foreach (OmittedRule omitted in analysis.Omitted)
        {
            table.Add("", omitted.Rule, "none", omitted.Reason);
        }
        table.Write(writer);
    }

    // 0 at the first rate, 1 at the last, as the rate rose.
    double Place(double rate) => sweep.IsLinear
        ? (rate - Rates[0]) / (Rates[^1] - Rates[0])
        : Math.Log(rate / Rates[0]) / Math.Log(Rates[^1] / Rates[0]);

    PointCurve Curve(string name, IReadOnlyList<double> losses) => new(
        name, [.. Rates.Select((rate, i) => (Place(rate), losses[i]))], $"rate {Words.Number(Rates[0])}", Words.Number(Rates[^1]));

    IEnumerable<ICurve> Band(IReadOnlyList<double[]> losses)
    {
        if (losses.Count == 1)
        {
            return [];
        }
        double[][] smoothed = [.. losses.Select(one => ExponentialAverage.Smooth(one.AsSpan(0, Rates.Count), RangeTest.Smoothing))];
        return
        [
            Curve("lowest of the seeds", [.. Rates.Select((_, i) => smoothed.Min(one => one[i]))]),
            Curve("highest of the seeds", [.. Rates.Select((_, i) => smoothed.Max(one => one[i]))]),
        ];
    }
}
