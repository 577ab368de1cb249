using System.Globalization;
using Anneal.Reports.Charts;
using Anneal.Reports.Markup;
using Anneal.Search;

namespace Anneal.Reports.Sections;

/// <summary>The seven steps and the final training, each with what it found.</summary>
static class StepsSection
{
    static readonly string[] Titles =
    [
        "Check the initial loss",
        "Overfit a small sample",
        "Find the learning rate that makes the loss go down",
        "Search coarsely",
        "Refine",
        "Look at the learning curves",
        "Go back to step 5 with a change",
        "Final training",
    ];

    static readonly Tone[] CurveTones = [Tone.First, Tone.Second, Tone.Third, Tone.Fourth, Tone.Fifth];

    public static Section Make(RunFolder run, ChartSet charts)
    {
        IEnumerable<Html> cards = Enumerable.Range(1, 8)
            .Select(step => Card(step, [.. run.Steps.Where(finding => finding.Step == step)], charts));
        Html body = run.Steps.Count > 0
            ? Html.Of($"""<ol class="steps">{cards}</ol>""")
            : Section.Missing("No step has ended yet: steps.jsonl is missing or empty.");
        return new("steps", "The seven steps", body);
    }

    static Html Card(int step, IReadOnlyList<StepFinding> findings, ChartSet charts)
    {
        string number = step <= 7 ? step.ToString(CultureInfo.InvariantCulture) : findings is [.., { Passed: false }] ? "✗" : "✓";
        if (findings.Count == 0)
        {
            return Html.Of($"""
                <li class="step absent"><span class="number" aria-hidden="true">{number}</span><div class="card"><h3>{Titles[step - 1]}</h3><p class="missing">Not reached.</p></div></li>

                """);
        }

        bool rounds = findings.Count > 1;
        return Html.Of($"""
            <li class="step {(findings[^1].Passed ? "passed" : "failed")}"><span class="number" aria-hidden="true">{number}</span><div class="card"><h3>{findings[0].Title}</h3>
            {findings.Select(finding => Finding(finding, rounds, charts))}</div></li>

            """);
    }

    static Html Finding(StepFinding finding, bool rounds, ChartSet charts) => Html.Of($"""
        <div class="finding">
        <p class="verdict">{Badge(finding.Passed)} {(rounds ? Html.Of($"""<span>round {finding.Round + 1}</span> """) : Html.None)}<span>{Numerals.Duration(finding.Seconds)}</span></p>
        <p>{finding.Finding}</p>
        {Numbers(finding.Numbers)}{Layers(finding.Layers)}{Curves(finding, charts)}</div>

        """);

    static Html Badge(bool passed) => passed
        ? Html.Of($"""<span class="badge pass"><svg viewBox="0 0 12 12" aria-hidden="true"><path d="M2 6.5 5 9.5 10 3"/></svg>passed</span>""")
        : Html.Of($"""<span class="badge fail"><svg viewBox="0 0 12 12" aria-hidden="true"><path d="M3 3l6 6M9 3l-6 6"/></svg>failed</span>""");

    static Html Numbers(IReadOnlyDictionary<string, double> numbers) => numbers.Count == 0
        ? Html.None
        : Html.Of($"""<dl class="numbers">{numbers.Select(number => Html.Of($"<div><dt>{number.Key.Replace('-', ' ')}</dt><dd>{Show(number.Key, number.Value)}</dd></div>"))}</dl>""");

    static string Show(string name, double value) =>
        name.Contains("accuracy", StringComparison.OrdinalIgnoreCase) && value is >= 0 and <= 1 ? Numerals.Percent(value)
        : name.Contains("seconds", StringComparison.OrdinalIgnoreCase) ? Numerals.Duration(value)
        : Math.Abs(value) >= 1000 && value == Math.Floor(value) && Math.Abs(value) < 1e15 ? Numerals.Count((long)value)
        : Numerals.Significant(value);

    static Html Layers(IReadOnlyList<LayerActivation> layers)
    {
        if (layers.Count == 0)
        {
            return Html.None;
        }

        double[] deviations = [.. layers.Select(layer => layer.StandardDeviation).Where(double.IsFinite)];
        double widest = deviations.Length > 0 ? Math.Max(deviations.Max(), 1e-30) : 1;
        return Html.Of($"""
            <div class="scroll" role="region" aria-label="Activations of each layer" tabindex="0"><table class="layers">
            <thead><tr><th scope="col">Layer</th><th scope="col" class="number">Mean</th><th scope="col" class="number">Standard deviation</th><th scope="col" class="number">Zeros</th><th scope="col">Verdict</th></tr></thead>
            <tbody>{layers.Select(layer => Html.Of($"""
                <tr><th scope="row"><code>{layer.Layer}</code></th><td class="number">{Numerals.Significant(layer.Mean, 3)}</td><td class="number">{Numerals.Significant(layer.StandardDeviation, 3)} {Bar(layer.StandardDeviation / widest)}</td><td class="number">{Numerals.Percent(layer.Zeros, 1)} {Bar(layer.Zeros)}</td><td>{Verdict(layer.Verdict)}</td></tr>

                """))}</tbody></table></div>
            """);
    }

    static Html Bar(double share) => Html.Of($"""
        <svg class="inline-bar" viewBox="0 0 48 8" aria-hidden="true"><rect class="track" width="48" height="8" rx="1"/><rect width="{(double.IsFinite(share) ? 48 * Math.Clamp(share, 0, 1) : 0).ToString("0.#", CultureInfo.InvariantCulture)}" height="8" rx="1"/></svg>
        """);

    static Html Verdict(string verdict) =>
        Html.Of($"""<span class="{(verdict == "just right" ? "good" : "bad")}">{verdict}</span>""");

    static Html Curves(StepFinding finding, ChartSet charts)
    {
        NamedCurve[] curves = [.. finding.Curves.Where(curve => finding.Step != 3 || !RangeTestSection.Draws(curve))];
        if (curves.Length == 0)
        {
            return finding.Step == 3 && finding.Curves.Count > 0 ? RangeTestSection.Link : Html.None;
        }
        // Losses and accuracies share no axis.
        IEnumerable<Html> drawn = curves.GroupBy(curve => curve.Name.Contains("accuracy", StringComparison.OrdinalIgnoreCase)).Select(kind => charts.Add(new()
        {
            Title = kind.Key ? "Training accuracy" : "Training loss",
            X = "steps",
            Y = kind.Key ? "accuracy" : "loss",
            Percent = kind.Key,
            Ceiling = kind.Key ? null : Ceiling(kind),
            Series = [.. kind.Take(24).Select((curve, i) => new Series(curve.Name, Curve.From(curve.X.Zip(curve.Y)).Thin(300), CurveTones[i % CurveTones.Length]) { Dashed = i >= CurveTones.Length })],
        }));
        return Html.Of($"""{ChartSet.Row(drawn)}{(finding.Step == 3 ? RangeTestSection.Link : Html.None)}""");
    }

    // A rate that is too high sends its loss to the sky, where it would flatten all the others.
    static double? Ceiling(IEnumerable<NamedCurve> curves)
    {
        double[] starts = [.. curves.Select(curve => curve.Y.FirstOrDefault(double.IsFinite, double.NaN)).Where(double.IsFinite)];
        return starts.Length > 0 && starts.Max() > 0 ? 1.5 * starts.Max() : null;
    }
}
