using System.Globalization;
using Anneal.Events;
using Anneal.Reports.Charts;
using Anneal.Reports.Markup;
using Anneal.Search;

namespace Anneal.Reports.Sections;

/// <summary>What each trial of a study reached, over the learning rate it was trained with: one point a trial.</summary>
static class RateAgainstAccuracy
{
    const string Rate = "learning-rate";
    const int Fewest = 3;

    /// <summary>The chart; nothing where fewer than three trials have both.</summary>
    public static Html Draw(Study study, ChartSet charts)
    {
        Point[] points =
        [
            .. from entry in study.Entries
               where entry.ValidationAccuracy is { } accuracy && double.IsFinite(accuracy)
               let rate = RateOf(entry, study)
               where rate is > 0 && double.IsFinite(rate.Value)
               select new Point(entry, rate.Value, entry.ValidationAccuracy!.Value),
        ];
        if (points.Length < Fewest)
        {
            return Html.None;
        }

        return charts.Add(new()
        {
            Title = "Validation accuracy over the highest learning rate",
            X = "learning rate",
            Y = "validation accuracy",
            LogX = true,
            Percent = true,
            Series =
            [
                Kind("stopped early", Tone.Quiet, points.Where(point => point.Entry.Outcome == "stopped-early")),
                Kind("other ends", Tone.Fourth, points.Where(point => point.Entry.Outcome is not ("stopped-early" or "completed"))),
                Kind("coarse search", Tone.Second, points.Where(point => point.Entry is { Outcome: "completed", Step: <= 4 })),
                Kind("refined and final", Tone.First, points.Where(point => point.Entry is { Outcome: "completed", Step: > 4 })),
            ],
        });
    }

    static Series Kind(string name, Tone tone, IEnumerable<Point> points)
    {
        List<double> rates = [];
        List<double> accuracies = [];
        List<string> labels = [];
        foreach (Point point in points.OrderBy(point => point.Rate).ThenBy(point => point.Entry.Trial))
        {
            // Trials of one rate stand side by side, too near to be told apart by eye: a chart has one value at an x.
            double rate = rates.Count > 0 && point.Rate <= rates[^1] ? rates[^1] * (1 + 1e-5) : point.Rate;
            rates.Add(rate);
            accuracies.Add(point.Accuracy);
            labels.Add($"trial {point.Entry.Trial}");
        }
        return new Series(name, new Curve(rates, accuracies), tone) { Scattered = true, Labels = labels };
    }

    // A trial writes down what it changed; the rest is its parent's. Where nobody wrote it, the highest rate in its log.
    static double? RateOf(NotebookEntry entry, Study study)
    {
        NotebookEntry? from = entry;
        for (int generations = 0; from is not null && generations < 1000; generations++)
        {
            if (from.Change.TryGetValue(Rate, out string? text)
                && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double written))
            {
                return written;
            }

            int? parent = from.Parent;
            from = parent is null ? null : study.Entries.FirstOrDefault(other => other.Trial == parent);
        }

        double[] logged =
        [
            .. (study.TrialOf(entry)?.History.Steps ?? []).Where(step => step.Values.ContainsKey(Rate)).Select(step => step.Values[Rate]),
        ];
        return logged.Length > 0 ? logged.Max() : null;
    }

    readonly record struct Point(NotebookEntry Entry, double Rate, double Accuracy);
}
