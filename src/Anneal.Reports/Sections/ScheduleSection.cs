using Anneal.Reports.Charts;
using Anneal.Reports.Markup;

namespace Anneal.Reports.Sections;

/// <summary>Every value that was scheduled, over the steps.</summary>
static class ScheduleSection
{
    public static Section Make(RunHistory final, Study study, ChartSet charts)
    {
        // Until the final training begins, the best trial's schedule is the one of interest.
        (RunHistory history, string whose) = final.Steps.Count > 0 || study.Best is null
            ? (final, "")
            : (study.Best.History, $"Of the best so far, {study.Best.Label}. ");
        Html body = history.Steps.Count > 0
            ? Body(history, whose, charts)
            : Section.Missing("No scheduled value was logged: events.jsonl is missing or has no step.");
        return new("schedule", "Schedules", body);
    }

    static Html Body(RunHistory history, string whose, ChartSet charts)
    {
        string[] names =
        [
            .. history.Steps.SelectMany(step => step.Values.Keys).Distinct()
                .OrderBy(name => name switch { "learning-rate" => 0, _ => 1 }).ThenBy(name => name, StringComparer.Ordinal),
        ];
        (string Name, Curve Curve)[] curves = names.Select(name => (Name: name, Curve: Curve.From(
            history.Steps.Where(step => step.Values.ContainsKey(name)), step => step.Step, step => step.Values[name]))).ToArray();
        (string Name, Curve Curve)[] changing = curves.Where(curve => curve.Name == "learning-rate" || curve.Curve.Y.Distinct().Count() > 1).ToArray();
        (string Name, Curve Curve)[] constant = curves.Except(changing).Where(curve => curve.Curve.Count > 0).ToArray();

        IEnumerable<Html> drawn = changing.Select(curve => charts.Add(new()
        {
            Title = Words(curve.Name),
            X = "steps",
            Y = curve.Name.Replace('-', ' '),
            Together = "schedule",
            Tall = curve.Name == "learning-rate" && changing.Length == 1,
            Series = [new(curve.Name.Replace('-', ' '), curve.Curve.Thin(600), curve.Name == "learning-rate" ? Tone.First : Tone.Third) { StepsPerEpoch = history.StepsPerEpoch }],
        }));
        Html constants = constant.Length == 0
            ? Html.None
            : Html.Of($"""<dl class="numbers">{constant.Select(curve => Html.Of($"<div><dt>{curve.Name.Replace('-', ' ')}, constant</dt><dd>{Numerals.Significant(curve.Curve.Y[0])}</dd></div>"))}</dl>""");
        return Html.Of($"""
            {Section.Lead(Html.Of($"{whose}The values that were in force at each logged step, as the optimizer and the loss received them."))}
            {ChartSet.Row(drawn)}{constants}
            """);
    }

    static string Words(string name)
    {
        string words = name.Replace('-', ' ');
        return words.Length > 0 ? char.ToUpperInvariant(words[0]) + words[1..] : "(no name)";
    }
}
