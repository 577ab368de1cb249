using Anneal.Reports.Charts;
using Anneal.Reports.Markup;
using Anneal.Search;

namespace Anneal.Reports.Sections;

/// <summary>Step 3's sweep over learning rates: loss over the rate, with the rates it suggests.</summary>
static class RangeTestSection
{
    public static Html Link => Html.Of($"""<p><a href="#range-test">The range test is drawn below.</a></p>""");

    /// <summary>Whether a curve of step 3 belongs to the sweep; the others are runs at one fixed rate, over steps.</summary>
    public static bool Draws(NamedCurve curve) => !curve.Name.StartsWith("rate ", StringComparison.Ordinal);

    public static Section Make(RunFolder run, ChartSet charts)
    {
        StepFinding? finding = run.Steps.LastOrDefault(finding => finding.Step == 3 && (finding.Curves.Any(Draws) || finding.Suggestions.Count > 0));
        Html body = finding is null
            ? Section.Missing("There is no range test here: step 3 has not ended, or its line in steps.jsonl is missing.")
            : Body(finding, charts);
        return new("range-test", "Learning-rate range test", body);
    }

    static Html Body(StepFinding finding, ChartSet charts)
    {
        (NamedCurve Source, Curve Curve, bool Smoothed)[] curves =
        [
            .. finding.Curves.Where(Draws)
                // A logarithmic axis has no place for a rate of 0.
                .Select(curve => (curve, Curve.From(curve.X.Zip(curve.Y).Where(point => point.First > 0)), curve.Name.Contains("smooth", StringComparison.OrdinalIgnoreCase)))
                .OrderBy(curve => curve.Item3),
        ];
        Html chart = charts.Add(new()
        {
            Title = "Loss over learning rate",
            X = "learning rate",
            Y = "loss",
            LogX = true,
            Tall = true,
            Ceiling = Ceiling(curves.FirstOrDefault(curve => curve.Smoothed, curves.FirstOrDefault()).Curve),
            Series = [.. curves.Select(curve => new Series(curve.Source.Name, curve.Curve.Thin(600), curve.Smoothed || curves.Length == 1 ? Tone.First : Tone.Quiet))],
            Marks = [.. finding.Suggestions.Where(suggestion => suggestion.Rate > 0).Select((suggestion, i) => new Mark(suggestion.Rate, $"{suggestion.Rule} {Numerals.Significant(suggestion.Rate, 2)}", i == 0))],
        });
        return Html.Of($"""
            {Section.Lead(Html.Of($"The rate grows exponentially from step to step while the loss is watched. A good rate lies where the loss falls, well before it turns up."))}
            {(chart.IsNone ? Section.Missing("Its curve is missing from steps.jsonl.") : chart)}
            {Suggestions(finding.Suggestions)}
            """);
    }

    static Html Suggestions(IReadOnlyList<SuggestedRate> suggestions) => suggestions.Count == 0
        ? Section.Missing("It suggested no rate.")
        : Html.Of($"""
            <div class="scroll" role="region" aria-label="Suggested rates" tabindex="0"><table>
            <thead><tr><th scope="col">Rule</th><th scope="col" class="number">Rate</th><th scope="col">Where it lies</th></tr></thead>
            <tbody>{suggestions.Select((suggestion, i) => Html.Of($"""
                <tr{(i == 0 ? Html.Of($" class=\"best\"") : Html.None)}><th scope="row">{suggestion.Rule}{(i == 0 ? Html.Of($" <span class=\"badge pass\">chosen</span>") : Html.None)}</th><td class="number">{Numerals.Significant(suggestion.Rate, 3)}</td><td>{suggestion.Reason}</td></tr>

                """))}</tbody></table></div>
            """);

    static double? Ceiling(Curve curve)
    {
        double first = curve.Y?.FirstOrDefault(double.IsFinite, double.NaN) ?? double.NaN;
        return double.IsFinite(first) && first > 0 ? 1.6 * first : null;
    }
}
