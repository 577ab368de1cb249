using Anneal.Events;
using Anneal.Reports.Charts;
using Anneal.Reports.Markup;

namespace Anneal.Reports.Sections;

/// <summary>Loss and accuracy over the epochs: the run's own, and those of all trials with the best on top.</summary>
static class CurvesSection
{
    // More lines than this are a grey field, and each costs bytes.
    const int MostTrials = 80;

    // As many as most runs log: what is smoothed on the page must be what was measured, not its extremes alone.
    const int MostPoints = 2000;

    const string Speed = "examples a second";

    public static Section Make(RunFolder run, RunHistory final, Study study, ChartSet charts)
    {
        Html own = final.IsEmpty ? Html.None : Own(run, final, charts);
        Html trials = study.Trials.Any(trial => !trial.History.IsEmpty) ? Trials(final, study, charts) : Html.None;
        Html body = own.IsNone && trials.IsNone
            ? Section.Missing("There are no curves yet: events.jsonl is missing or has no measurement.")
            : Html.Of($"""{(own.IsNone ? Section.Missing("The final training has not begun: the study's own events.jsonl is missing or has no measurement.") : own)}{trials}""");
        return new("curves", "Learning curves", body);
    }

    static Html Own(RunFolder run, RunHistory history, ChartSet charts)
    {
        Html Panel(string title, string y, bool percent, bool tall, params (string Name, Curve Curve, Tone Tone)[] curves)
        {
            Curve[] all = [.. curves.Select(curve => curve.Curve)];
            return charts.Add(new()
            {
                Title = title,
                X = "epochs",
                Y = y,
                Together = "own",
                Percent = percent,
                Tall = tall,
                Smoothable = true,
                From = 0,
                To = End(history),
                LogY = !percent && y != Speed && AllPositive(all),
                Ceiling = percent || y == Speed ? null : Ceiling(all),
                Series =
                [
                    .. curves.Select(curve =>
                        new Series(curve.Name, curve.Curve.Thin(MostPoints), curve.Tone) { StepsPerEpoch = history.StepsPerEpoch }),
                ],
            });
        }

        return Html.Of($"""
            {(run.IsStudy ? Html.Of($"<h3>Final training</h3>") : Html.None)}
            {Section.Lead(Html.Of($"{Words(history)}"))}
            {ChartSet.Row(
                Panel("Loss", "loss", false, true, ("training", history.TrainingLoss, Tone.Second), ("validation", history.ValidationLoss, Tone.First)),
                Panel("Accuracy", "accuracy", true, true, ("training", history.TrainingAccuracy, Tone.Second), ("validation", history.ValidationAccuracy, Tone.First)),
                Panel("Gradient norm, before clipping", "gradient norm", false, false, ("gradient norm", history.GradientNorm, Tone.Third)),
                Panel("Throughput", Speed, false, false, (Speed, history.Throughput, Tone.Fourth)))}
            """);
    }

    static string Words(RunHistory history)
    {
        string first = "Training values are measured while the weights change, with augmentation and smoothing as trained; validation values on plain images, without.";
        if (history.Validations.Count == 0)
        {
            return first + " Nothing was set aside for validation.";
        }

        Evaluated best = history.Validations.MaxBy(measured => measured.Accuracy)!;
        string end = history.Ended is { } ended ? " " + ended.Reason : " The run has not ended.";
        return $"{first} Validation accuracy was best after {Numerals.Significant(best.Epochs, 3)} {(best.Epochs == 1 ? "epoch" : "epochs")}: {Numerals.Percent(best.Accuracy)}.{end}";
    }

    static Html Trials(RunHistory final, Study study, ChartSet charts)
    {
        Study.Trial[] ranked =
        [
            .. study.Trials.Where(trial => !trial.History.IsEmpty)
                .OrderByDescending(trial => trial.Accuracy is { } accuracy && double.IsFinite(accuracy) ? accuracy : -1),
        ];
        Study.Trial[] shown = [.. ranked.Take(MostTrials)];
        Study.Trial best = shown[0];
        int points = Math.Clamp(8000 / shown.Length, 24, 200);
        double end = shown.Select(trial => End(trial.History)).Append(End(final)).Max();

        Html Panel(string title, string y, bool percent, Func<RunHistory, Curve> pick)
        {
            Curve top = pick(best.History);
            Curve ending = pick(final);
            Curve[] all = [.. shown.Select(trial => pick(trial.History)), ending];
            return charts.Add(new()
            {
                Title = title,
                Smoothable = true,
                From = 0,
                To = end,
                LogY = !percent && AllPositive(all),
                X = "epochs",
                Y = y,
                Percent = percent,
                Together = "trials",
                Ceiling = percent ? null : Ceiling([top, ending]),
                Floor = percent ? Floor(all, [top, ending]) : null,
                Series =
                [
                    .. shown.Skip(1).Reverse().Select(trial => new Series(trial.Label, pick(trial.History).Thin(points), Tone.Quiet)
                    {
                        Group = "other trials", StepsPerEpoch = trial.History.StepsPerEpoch,
                    }),
                    new("final training", ending.Thin(300), Tone.Second) { StepsPerEpoch = final.StepsPerEpoch },
                    new($"best, {best.Label}", top.Thin(300), Tone.First) { StepsPerEpoch = best.History.StepsPerEpoch },
                ],
            });
        }

        string left = ranked.Length > shown.Length ? $" The best {shown.Length} of {ranked.Length} are drawn." : "";
        string accuracy = best.Accuracy is { } value ? $" The best, {best.Label}, reached {Numerals.Percent(value)} on the validation split." : "";
        return Html.Of($"""
            <h3>All trials</h3>
            {Section.Lead(Html.Of($"{Numerals.Count(ranked.Length)} trials have curves.{accuracy}{left} Point at a grey line to see whose it is."))}
            {ChartSet.Row(
                Panel("Training loss", "loss", false, history => history.TrainingLoss),
                Panel("Validation loss", "loss", false, history => history.ValidationLoss),
                Panel("Training accuracy", "accuracy", true, history => history.TrainingAccuracy),
                Panel("Validation accuracy", "accuracy", true, history => history.ValidationAccuracy))}
            """);
    }

    static bool AllPositive(IEnumerable<Curve> curves) => curves.All(curve => curve.Count == 0 || curve.Y.All(y => !(y <= 0)));

    static double End(RunHistory history) =>
        new[] { history.TrainingLoss, history.TrainingAccuracy, history.ValidationLoss }.Max(curve => curve.Count > 0 ? curve.X[^1] : 0);

    // Trials that learned next to nothing would squeeze all the others into the upper edge.
    static double? Floor(IEnumerable<Curve> all, IEnumerable<Curve> highlighted)
    {
        double[] values = [.. all.Where(curve => curve.Count > 0).SelectMany(curve => curve.Y).Where(double.IsFinite).Order()];
        double[] important = [.. highlighted.Where(curve => curve.Count > 0).SelectMany(curve => curve.Y).Where(double.IsFinite)];
        return values.Length == 0 || important.Length == 0 ? null : Math.Min(values[values.Length / 20], important.Min());
    }

    // One spike, or one trial that diverged, must not flatten all the rest: what matters lies below the start.
    static double? Ceiling(IEnumerable<Curve> curves)
    {
        double[] starts = [.. curves.Where(curve => curve.Count > 0).Select(curve => curve.Y.FirstOrDefault(double.IsFinite, double.NaN)).Where(double.IsFinite)];
        return starts.Length > 0 && starts.Max() > 0 ? 1.3 * starts.Max() : null;
    }
}
