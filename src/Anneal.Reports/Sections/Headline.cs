using Anneal.Reports.Markup;

namespace Anneal.Reports.Sections;

/// <summary>The result in one sentence and a handful of numbers.</summary>
static class Headline
{
    public static string Title(RunFolder run, RunHistory final, Study study)
    {
        string model = Model(final, study);
        string data = run.Information?.Data ?? "unknown data";
        return run.Evaluation is { } evaluation
            ? $"{model} reaches {Numerals.Percent(evaluation.Accuracy)} on {data}"
            : run.Study is not null && final.Validations.Count > 0
            ? $"{model} reaches {Numerals.Percent(final.Validations.Max(measured => measured.Accuracy))} on validation examples of {data}"
            : $"{model} on {data}, not evaluated yet";
    }

    public static Html ToHtml(RunFolder run, RunHistory final, Study study) => Html.Of($"""
        <header id="summary">
        <p class="eyebrow">Anneal · {Kind(run)} <span>{run.Name}</span></p>
        <h1>{Title(run, final, study)}</h1>
        <p class="lead">{Words(run, final, study)}</p>
        <dl class="tiles">{Tiles(run, final, study)}</dl>
        {(run.Recipe is null || run.EarlierRecipes.Count > 0 ? Html.None : Html.Of($"""<div class="again"><span>Get the same result</span>{ReproduceSection.Code("again", ReproduceSection.CommandOf(run.Information))}</div>"""))}
        {Problems(run.Problems)}
        </header>

        """);

    static Html Kind(RunFolder run) => run switch
    {
        { Study: { } study, StudyHasReport: true } => Html.Of($"""trial of <a href="../../{Report.FileName}">{study}</a>"""),
        { Study: { } study } => Html.Of($"trial of {study}"),
        { IsStudy: true } => Html.Of($"study"),
        _ => Html.Of($"run"),
    };

    static string Model(RunHistory final, Study study) => (final.Started ?? study.Best?.History.Started)?.Model ?? "An unknown model";

    static string Words(RunFolder run, RunHistory final, Study study)
    {
        List<string> sentences = [];
        if (run.Evaluation is { } evaluation)
        {
            (double low, double high) = WilsonInterval(evaluation.Accuracy, evaluation.Examples);
            sentences.Add($"Measured on {Numerals.Count(evaluation.Examples)} {evaluation.Split} examples{(evaluation.Split == "test" ? " that no decision saw" : "")}; 95 % interval {Numerals.Percent(low)} to {Numerals.Percent(high)}.");
        }
        if (run.IsStudy)
        {
            sentences.Add(final.IsEmpty
                ? $"The seven steps have made {Numerals.Count(Math.Max(study.Entries.Count, study.Trials.Count))} trials so far."
                : $"Found by the seven steps in {Numerals.Count(Math.Max(study.Entries.Count, study.Trials.Count))} trials.");
        }

        if (run.Information is { } information)
        {
            sentences.Add($"Trained on {information.Processor} with {information.Threads} {(information.Threads == 1 ? "thread" : "threads")}, {information.Precision}.");
        }

        if (final.Ended is null)
        {
            sentences.Add(run.IsStudy && final.IsEmpty ? "The final training has not begun." : "The run has not ended.");
        }
        else if (final.Ended.Outcome != "completed")
        {
            sentences.Add($"It ended as {final.Ended.Outcome}: {final.Ended.Reason}");
        }

        return string.Join(' ', sentences);
    }

    static IEnumerable<Html> Tiles(RunFolder run, RunHistory final, Study study)
    {
        yield return run.Evaluation is { } evaluation
            ? Tile($"{Capital(evaluation.Split)} accuracy", Numerals.Percent(evaluation.Accuracy), $"{Numerals.Count((long)Math.Round((1 - evaluation.Accuracy) * evaluation.Examples))} mistakes in {Numerals.Count(evaluation.Examples)}")
            : BestSoFar(final, study);
        if (run.Evaluation is { } calibrated)
        {
            yield return Tile(
                "Calibration error (ECE)",
                Numerals.Percent(calibrated.After.ExpectedCalibrationError),
                calibrated.Temperature == 1
                    ? "without a temperature"
                    : $"{Numerals.Percent(calibrated.Before.ExpectedCalibrationError)} before temperature {Numerals.Significant(calibrated.Temperature, 3)}");
        }

        double search = run.Steps.Sum(step => step.Seconds);
        yield return search > 0
            ? Tile("Time", Numerals.Duration(search), final.Seconds is { } last ? $"of which {Numerals.Duration(last)} final training" : "so far")
            : Tile("Training time", Numerals.Duration(final.Seconds), final.Ended is null ? "so far" : $"{Numerals.Count(final.Epochs.Count)} {(final.Epochs.Count == 1 ? "epoch" : "epochs")}");
        if ((final.Started ?? study.Best?.History.Started) is { } started)
        {
            yield return Tile("Model", started.Model, $"{Numerals.Count(started.Parameters)} parameters");
        }

        if (run.IsStudy)
        {
            yield return Tile("Trials", Numerals.Count(Math.Max(study.Entries.Count, study.Trials.Count)), $"{Numerals.Count(study.Entries.Count(entry => entry.Outcome == "stopped-early"))} stopped early");
        }
    }

    static Html BestSoFar(RunHistory final, Study study)
    {
        double? own = final.Validations.Count > 0 ? final.Validations.Max(measured => measured.Accuracy) : null;
        double? trial = study.BestEntry?.ValidationAccuracy ?? study.Best?.Accuracy;
        return Tile("Validation accuracy", Numerals.Percent(own ?? trial), own is null && trial is null ? "not measured yet" : final.Ended is null ? "best so far" : "the best of the run");
    }

    static Html Tile(string name, string value, string note) => Html.Of($"<div><dt>{name}</dt><dd>{value} <small>{note}</small></dd></div>");

    static Html Problems(IReadOnlyList<ReadingProblem> problems)
    {
        if (problems.Count == 0)
        {
            return Html.None;
        }

        const int most = 12;
        return Html.Of($"""
            <aside class="problems"><h2>Not everything in this folder could be read</h2>
            <ul>{problems.Take(most).Select(problem => Html.Of($"<li><b>{problem.File}{(problem.Line is { } line ? $", line {line}" : "")}</b> {problem.Message}</li>"))}{(problems.Count > most ? Html.Of($"<li>and {problems.Count - most} more</li>") : Html.None)}</ul></aside>
            """);
    }

    static string Capital(string word) => word.Length > 0 ? char.ToUpperInvariant(word[0]) + word[1..] : word;

    // Wilson 1927: holds near 0 and 1, where the normal approximation leaves the unit interval.
    static (double Low, double High) WilsonInterval(double share, double count)
    {
        if (!(count > 0))
        {
            return (double.NaN, double.NaN);
        }

        const double z = 1.959963984540054;
        double centre = (share + z * z / (2 * count)) / (1 + z * z / count);
        double half = z / (1 + z * z / count) * Math.Sqrt(share * (1 - share) / count + z * z / (4 * count * count));
        return (centre - half, centre + half);
    }
}
