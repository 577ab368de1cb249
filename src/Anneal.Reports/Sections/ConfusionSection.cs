using Anneal.Metrics;
using Anneal.Reports.Charts;
using Anneal.Reports.Markup;

namespace Anneal.Reports.Sections;

/// <summary>Which classes are taken for which.</summary>
static class ConfusionSection
{
    // A larger matrix is no longer read cell by cell; its pairs are listed instead.
    const int MostClasses = 25;

    const int MostPairs = 8;

    public static Section Make(RunFolder run)
    {
        Html body = run.Evaluation is not { } evaluation
            ? Section.Missing("Not measured yet: evaluation.json is missing. It is written when training has ended.")
            : evaluation.Confusion.Count == 0
                ? Section.Missing("evaluation.json holds no confusion matrix that could be read.")
                : Body(evaluation);
        return new("confusion", "Confusion matrix", body);
    }

    static Html Body(Evaluation evaluation)
    {
        int classes = evaluation.Classes.Count;
        long[] truths = [.. evaluation.Confusion.Select(row => row.Sum(count => (long)count))];
        long[] predictions = [.. Enumerable.Range(0, classes).Select(column => evaluation.Confusion.Sum(row => (long)row[column]))];
        return Html.Of($"""
            {Section.Lead(Html.Of($"Rows are true classes, columns what the model said, on {Numerals.Count(evaluation.Examples)} {evaluation.Split} examples."))}
            {(classes <= MostClasses ? Matrix(evaluation, truths, predictions) : Html.None)}
            {Pairs(evaluation, truths)}
            """);
    }

    static Html Matrix(Evaluation evaluation, long[] truths, long[] predictions)
    {
        int classes = evaluation.Classes.Count;
        return Html.Of($"""
            <div class="scroll" role="region" aria-label="Confusion matrix" tabindex="0"><table class="heat">
            <thead><tr><td></td>{evaluation.Classes.Select(name => Html.Of($"""<th scope="col"><span>{name}</span></th>"""))}<th scope="col" class="margin"><span>recall</span></th></tr></thead>
            <tbody>{Enumerable.Range(0, classes).Select(truth => Html.Of($"""
                <tr><th scope="row">{evaluation.Classes[truth]}</th>{Enumerable.Range(0, classes).Select(predicted => Cell(evaluation, truth, predicted, truths[truth]))}<td class="margin">{Numerals.Percent(Share(evaluation.Confusion[truth][truth], truths[truth]), 1)}</td></tr>

                """))}</tbody>
            <tfoot><tr><th scope="row" class="margin">precision</th>{Enumerable.Range(0, classes).Select(predicted => Html.Of($"""<td class="margin">{Numerals.Percent(Share(evaluation.Confusion[predicted][predicted], predictions[predicted]), 1)}</td>"""))}<td></td></tr></tfoot>
            </table></div>
            <p class="note">Colour: share of the row on a square-root scale, so that rare mistakes are seen; blue for right, red for wrong.</p>
            """);
    }

    static Html Cell(Evaluation evaluation, int truth, int predicted, long total)
    {
        int count = evaluation.Confusion[truth][predicted];
        double share = Share(count, total) ?? 0;
        return Html.Of($"""<td class="{HeatScale.Class(share, truth == predicted)}{(count == 0 ? " none" : "")}" title="{evaluation.Classes[truth]} taken for {evaluation.Classes[predicted]}: {count} of {total}, {Numerals.Percent(share, 1)}">{count}</td>""");
    }

    static Html Pairs(Evaluation evaluation, long[] truths)
    {
        (int truth, int predicted, int count)[] pairs = (
            from truth in Enumerable.Range(0, truths.Length)
            from predicted in Enumerable.Range(0, truths.Length)
            where truth != predicted && evaluation.Confusion[truth][predicted] > 0
            orderby evaluation.Confusion[truth][predicted] descending
            select (truth, predicted, count: evaluation.Confusion[truth][predicted])).ToArray();
        if (pairs.Length == 0)
        {
            return Html.Of($"<p>No example was taken for another class.</p>");
        }

        long mistakes = pairs.Sum(pair => (long)pair.count);
        int shown = truths.Length <= MostClasses ? MostPairs : 3 * MostPairs;
        return Html.Of($"""
            <h3>Most frequent mistakes</h3>
            <div class="scroll" role="region" aria-label="Most frequent mistakes" tabindex="0"><table>
            <thead><tr><th scope="col">True class</th><th scope="col">Taken for</th><th scope="col" class="number">Times</th><th scope="col" class="number">Of the class</th><th scope="col" class="number">Of all mistakes</th></tr></thead>
            <tbody>{pairs.Take(shown).Select(pair => Html.Of($"""
                <tr><th scope="row">{evaluation.Classes[pair.truth]}</th><td>{evaluation.Classes[pair.predicted]}</td><td class="number">{Numerals.Count(pair.count)}</td><td class="number">{Numerals.Percent(Share(pair.count, truths[pair.truth]), 1)}</td><td class="number">{Numerals.Percent(Share(pair.count, mistakes), 1)}</td></tr>

                """))}</tbody></table></div>
            """);
    }

    static double? Share(long count, long total) => total > 0 ? (double)count / total : null;
}
