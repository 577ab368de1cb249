using Anneal.Metrics;
using Anneal.Reports.Markup;
using Anneal.Reports.Pictures;

namespace Anneal.Reports.Sections;

/// <summary>Pictures with what the model said of them, the worst mistakes first.</summary>
static class PredictionsSection
{
    const int Most = 24;

    public static Section Make(RunFolder run)
    {
        Html body = run.Evaluation is not { } evaluation
            ? Section.Missing("None yet: evaluation.json is missing. It is written when training has ended.")
            : Html.Of($"""
                {Channels(evaluation)}<h3>The worst mistakes</h3>
                {(evaluation.Mistakes.Count > 0
                    ? Html.Of($"{Section.Lead(Html.Of($"Wrong with the highest confidence. Look at these first: some are the model's fault, some the label's."))}{Gallery(evaluation.Mistakes, evaluation)}")
                    : Section.Missing("No mistakes were recorded."))}
                <h3>Drawn at random</h3>
                {(evaluation.Samples.Count > 0 ? Gallery(evaluation.Samples, evaluation) : Section.Missing("No samples were recorded."))}
                """);
        return new("predictions", "Predictions", body);
    }

    static Html Channels(Evaluation evaluation) => evaluation.Mistakes.Concat(evaluation.Samples).FirstOrDefault()?.Shape[0] switch
    {
        null or 1 or 3 => Html.None,
        2 => Section.Lead(Html.Of($"These pictures have two channels; the first is shown, in grey.")),
        int channels => Section.Lead(Html.Of($"These pictures have {channels} channels; the first three are shown, as red, green and blue.")),
    };

    static Html Gallery(IReadOnlyList<PredictedExample> examples, Evaluation evaluation) =>
        Html.Of($"""<ul class="gallery">{examples.Take(Most).Select(example => Card(example, evaluation))}</ul>""");

    static Html Card(PredictedExample example, Evaluation evaluation)
    {
        string truth = evaluation.Classes[example.Label];
        string said = evaluation.Classes[example.Predicted];
        bool right = example.Label == example.Predicted;
        return Html.Of($"""
            <li><figure class="{(right ? "right" : "wrong")}"><img src="{Thumbnail.DataUri(example)}" width="{example.Shape[2]}" height="{example.Shape[1]}" alt="{evaluation.Split} example {example.Index}: {truth}"/>
            <figcaption><b>{said}</b> <span class="confidence">{Numerals.Percent(example.Confidence, 1)}</span> <br/>{(right ? Html.Of($"""<span class="good">right</span>""") : Html.Of($"""is <b class="bad">{truth}</b>"""))} <br/><small>no. {example.Index}</small></figcaption></figure></li>

            """);
    }
}
