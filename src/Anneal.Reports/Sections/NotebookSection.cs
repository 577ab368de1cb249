using System.Globalization;
using Anneal.Reports.Charts;
using Anneal.Reports.Markup;
using Anneal.Search;

namespace Anneal.Reports.Sections;

/// <summary>The lab notebook as a table: one line a trial.</summary>
static class NotebookSection
{
    public static Section Make(Study study, ChartSet charts) => new(
        "notebook",
        "The notebook",
        study.Entries.Count > 0 ? Body(study, charts) : Section.Missing("No trial has ended yet: notebook.jsonl is missing or empty."));

    static Html Body(Study study, ChartSet charts) => Html.Of($"""
        {Section.Lead(Html.Of($"What each trial was for, what it changed, what came out and what follows. A column's title sorts by it."))}
        {ChartSet.Row(Progress(study, charts), RateAgainstAccuracy.Draw(study, charts))}
        <div class="scroll" role="region" aria-label="The notebook" tabindex="0"><table class="notebook sortable">
        <thead><tr>{Head("Trial", true)}{Head("Step", true)}{Head("Hypothesis")}{Head("Change")}{Head("Outcome")}{Head("Validation accuracy", true)}{Head("Epochs", true)}{Head("Time", true)}{Head("Conclusion")}</tr></thead>
        <tbody>{study.Entries.Select(entry => Row(entry, study))}</tbody></table></div>
        """);

    static Html Head(string title, bool number = false) =>
        Html.Of($"""<th scope="col"{(number ? Html.Of($" class=\"number\"") : Html.None)}><button type="button">{title}</button></th>""");

    static Html Row(NotebookEntry entry, Study study)
    {
        bool best = ReferenceEquals(entry, study.BestEntry);
        Html trial = study.TrialOf(entry) is { Folder.HasReport: true } found
            ? Html.Of($"""<a href="trials/{Uri.EscapeDataString(found.Folder.Name)}/{Report.FileName}">{entry.Trial}</a>""")
            : Html.Of($"{entry.Trial}");
        return Html.Of($"""
            <tr{(best ? Html.Of($" class=\"best\"") : Html.None)}><th scope="row" class="number" data-value="{entry.Trial}">{trial}{(best ? Html.Of($"<span class=\"star\" title=\"best validation accuracy\"> ★</span>") : Html.None)}{(entry.Parent is { } parent ? Html.Of($" <small>from {parent}</small>") : Html.None)}</th>
            <td class="number" data-value="{entry.Step}">{entry.Step}</td><td class="prose">{entry.Hypothesis}</td><td class="change">{Change(entry.Change)}</td><td><span class="outcome {(entry.Outcome is "diverged" or "failed" ? "bad" : entry.Outcome == "completed" ? "good" : "neutral")}">{entry.Outcome.Replace('-', ' ')}</span></td>
            <td class="number" data-value="{entry.ValidationAccuracy?.ToString("R", CultureInfo.InvariantCulture)}">{Numerals.Percent(entry.ValidationAccuracy)}</td><td class="number" data-value="{entry.Epochs.ToString("R", CultureInfo.InvariantCulture)}">{Numerals.Significant(entry.Epochs, 3)}</td><td class="number" data-value="{entry.Seconds.ToString("R", CultureInfo.InvariantCulture)}">{Numerals.Duration(entry.Seconds)}</td>
            <td class="prose">{(entry.Diagnoses.Count > 0 ? Html.Of($"""<span class="diagnoses">{entry.Diagnoses.Select(diagnosis => Html.Of($"<i>{diagnosis.Replace('-', ' ')}</i>"))}</span> """) : Html.None)}{entry.Conclusion}</td></tr>

            """);
    }

    static Html Change(IReadOnlyDictionary<string, string> change) => change.Count == 0
        ? Html.Of($"none")
        : Html.Of($"{change.Select(value => Html.Of($"<code>{value.Key} <b>{Shorten(value.Value)}</b></code> "))}");

    // Drawn values come with all their digits, which no one reads in a table; the recipe has them.
    static string Shorten(string value) =>
        value.Length > 6 && double.TryParse(value, System.Globalization.NumberStyles.Float, null, out double number) && double.IsFinite(number)
            ? Numerals.Significant(number, 3)
            : value;

    static Html Progress(Study study, ChartSet charts)
    {
        (double Trial, double Accuracy)[] points =
        [
            .. study.Entries.Where(entry => entry.ValidationAccuracy is not null)
                .Select(entry => ((double)entry.Trial, entry.ValidationAccuracy!.Value))
                .Where(point => double.IsFinite(point.Item2)).OrderBy(point => point.Item1),
        ];
        if (points.Length < 3)
        {
            return Html.None;
        }

        double[] sorted = [.. points.Select(point => point.Accuracy).Order()];
        (double quarter, double half) = (sorted[sorted.Length / 4], sorted[sorted.Length / 2]);
        // A trial that learned nothing says nothing about the others, yet would set the scale.
        double floor = half - Math.Max(0.01, 5 * (half - quarter));
        int below = points.Count(point => point.Accuracy < floor);
        List<(double, double)> best = [];
        foreach ((double trial, double accuracy) in points)
        {
            best.Add((trial, best.Count > 0 ? Math.Max(best[^1].Item2, accuracy) : accuracy));
        }

        return charts.Add(new()
        {
            Title = "Validation accuracy, trial by trial" + (below > 0 ? $"; {below} below {Numerals.Percent(floor, 0)} not shown" : ""),
            X = "trials",
            Y = "validation accuracy",
            Percent = true,
            Floor = below > 0 ? floor : null,
            Series =
            [
                new("trial", Curve.From(points), Tone.Second) { Scattered = true },
                new("best so far", Curve.From(best).Thin(600), Tone.First) { Stepped = true },
            ],
        });
    }
}
