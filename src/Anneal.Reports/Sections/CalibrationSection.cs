using Anneal.Calibration;
using Anneal.Metrics;
using Anneal.Reports.Charts;
using Anneal.Reports.Markup;

namespace Anneal.Reports.Sections;

/// <summary>Whether confidences can be believed, before and after temperature scaling.</summary>
static class CalibrationSection
{
    public static Section Make(RunFolder run)
    {
        Html body = run.Evaluation is { } evaluation
            ? Body(evaluation)
            : Section.Missing("Not measured yet: evaluation.json is missing. It is written when training has ended.");
        return new("calibration", "Calibration", body);
    }

    static Html Body(Evaluation evaluation) => Html.Of($"""
        {Section.Lead(Html.Of($"{Words(evaluation)}"))}
        <div class="diagrams">{Diagram("Before, temperature 1", evaluation.Before)}{Diagram($"After, temperature {Numerals.Significant(evaluation.Temperature, 3)}", evaluation.After)}</div>
        <p class="note key"><svg viewBox="0 0 12 12" aria-hidden="true"><rect class="bar" width="12" height="12"/></svg>accuracy in the bin <svg viewBox="0 0 12 12" aria-hidden="true"><rect class="gap over" width="12" height="12"/></svg>more confident than right <svg viewBox="0 0 12 12" aria-hidden="true"><rect class="gap under" width="12" height="12"/></svg>less confident than right <svg viewBox="0 0 12 12" aria-hidden="true"><path class="diagonal" d="M0 12L12 0"/></svg>perfect. Counts on a square-root scale.</p>
        <div class="scroll" role="region" aria-label="Calibration in numbers" tabindex="0"><table>
        <thead><tr><th scope="col">Measure</th><th scope="col" class="number">Before</th><th scope="col" class="number">After</th></tr></thead>
        <tbody>
        {Row("Expected calibration error", Numerals.Percent(evaluation.Before.ExpectedCalibrationError), Numerals.Percent(evaluation.After.ExpectedCalibrationError))}
        {Row("Maximum calibration error", Numerals.Percent(evaluation.Before.MaximumCalibrationError), Numerals.Percent(evaluation.After.MaximumCalibrationError))}
        {Row("Negative log-likelihood, nats", Numerals.Significant(evaluation.Before.NegativeLogLikelihood), Numerals.Significant(evaluation.After.NegativeLogLikelihood))}
        {Row("Brier score", Numerals.Significant(evaluation.Before.BrierScore), Numerals.Significant(evaluation.After.BrierScore))}
        </tbody></table></div>
        {Bins(evaluation)}
        """);

    static string Words(Evaluation evaluation)
    {
        string meaning = "Of all predictions made with 80 % confidence, 80 % should be right. Each bar is the share that was.";
        string temperature = evaluation.Temperature switch
        {
            1 when evaluation.Fit is { } fit => $" The fitted temperature, {Numerals.Significant(fit.Likeliest, 3)}, is not used: {fit.Reason}.",
            1 => " No temperature was fitted.",
            > 1 => $" The fitted temperature, {Numerals.Significant(evaluation.Temperature, 3)}, is above 1: the model was too sure of itself.",
            _ => $" The fitted temperature, {Numerals.Significant(evaluation.Temperature, 3)}, is below 1: the model was too modest.",
        };
        return meaning + temperature;
    }

    static Html Diagram(string title, CalibrationSummary summary) => Html.Of($"""
        <figure><figcaption>{title} <span>ECE {Numerals.Percent(summary.ExpectedCalibrationError)}</span></figcaption>
        {(summary.Bins.Count > 0 ? ReliabilityDrawing.Draw(summary, title) : Section.Missing("No bins to draw."))}</figure>

        """);

    static Html Row(string name, string before, string after) =>
        Html.Of($"""<tr><th scope="row">{name}</th><td class="number">{before}</td><td class="number">{after}</td></tr>""");

    static Html Bins(Evaluation evaluation)
    {
        (string Name, CalibrationSummary Summary)[] both = [("before", evaluation.Before), ("after", evaluation.After)];
        if (both.All(one => one.Summary.Bins.Count == 0))
        {
            return Html.None;
        }

        return Html.Of($"""
            <details><summary>The bins in numbers</summary>
            <div class="scroll" role="region" aria-label="Reliability bins" tabindex="0"><table>
            <thead><tr><th scope="col">Temperature</th><th scope="col">Confidence in</th><th scope="col" class="number">Examples</th><th scope="col" class="number">Mean confidence</th><th scope="col" class="number">Accuracy</th></tr></thead>
            <tbody>{both.SelectMany(one => one.Summary.Bins.Where(bin => bin.Count > 0).Select(bin => Html.Of($"""
                <tr><th scope="row">{one.Name}</th><td>{Numerals.Percent(bin.Lower, 1)} to {Numerals.Percent(bin.Upper, 1)}</td><td class="number">{Numerals.Count(bin.Count)}</td><td class="number">{Numerals.Percent(bin.Confidence)}</td><td class="number">{Numerals.Percent(bin.Accuracy)}</td></tr>

                """)))}</tbody></table></div></details>
            """);
    }
}
