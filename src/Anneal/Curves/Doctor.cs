using Anneal.Curves.Signs;

namespace Anneal.Curves;

/// <summary>Reads learning curves and names what it sees, each diagnosis with its numbers and one change to the recipe.</summary>
/// <remarks>
/// The signs are those taught with the field's standard course (Stanford CS231n, "Training Neural Networks", on learning
/// curves). Each sign is a file in <c>Signs</c>, with its thresholds and why they are what they are.
/// </remarks>
public static class Doctor
{
    /// <summary>Passes over the training data that a run must have made for its trends to be read.</summary>
    public const int FewestEpochs = 4;

    // Training accuracy from which a loss that does not fall, or a slow one, is no illness.
    const double Learned = 0.98;

    // ... and from which a network is not too small or too short of time: one error in twenty is few.
    const double Nearly = 0.95;

    /// <summary>What the curves show, the most urgent first; <c>healthy</c> alone where nothing is wrong.</summary>
    /// <param name="history">The curves of one run, ended or under way.</param>
    public static IReadOnlyList<Diagnosis> Examine(CurveHistory history)
    {
        // These two spoil every other curve, so nothing else can be read beside them.
        if (Diverging.Look(history) is { } diverging)
        {
            return [diverging];
        }
        Diagnosis? flat = FlatStart.Look(history);
        if (flat?.ProposedChange is not null)
        {
            return [flat];
        }
        if (history.TrainingLoss.Count < FewestEpochs)
        {
            return flat is null ? [TooShort(history)] : [flat];
        }

        // What the network learns has nothing to do with what is asked of it; no change of the recipe helps.
        if (NoGeneralization.Look(history) is { } nothing)
        {
            return [nothing];
        }
        Diagnosis? dip = ValidationDip.Look(history);
        bool dipIsOver = dip is not null && ValidationDip.IsOver(dip);
        Diagnosis? plateau = Plateau.Look(history);
        Diagnosis? early = DecayedTooEarly.Look(history);
        bool rateIsWrong = plateau is not null || early is not null;
        // A wrong rate, too little time and a small model look alike; try them in the order of what they cost.
        Diagnosis? tooShort = rateIsWrong ? null : Undertrained.Look(history) ?? StillRising.Look(history);
        Diagnosis?[] all =
        [
            // Evaluations that end in a dip say nothing of overfitting.
            dipIsOver ? null : dip,
            plateau,
            early,
            dip is null || dipIsOver ? Overfit.Look(history) : null,
            tooShort,
            rateIsWrong || tooShort is not null ? null : Underfit.Look(history),
            Noisy.Look(history),
            flat,
            dipIsOver ? dip : null,
        ];
        Diagnosis[] found = [.. all.OfType<Diagnosis>()];
        return found.Length > 0 ? found : [Healthy(history)];
    }

    internal static bool NothingLeftToLearn(CurveHistory history) =>
        history.TrainingAccuracy.Count > 0 && history.TrainingAccuracy[^1].Value >= Learned;

    internal static bool NearlyLearned(CurveHistory history) =>
        history.TrainingAccuracy.Count > 0 && history.TrainingAccuracy[^1].Value >= Nearly;

    static Diagnosis TooShort(CurveHistory history) => new()
    {
        Name = "too-short",
        Evidence = $"{history.TrainingLoss.Count} whole epochs show no trend; {FewestEpochs} are the fewest that do.",
        Numbers = new Dictionary<string, double> { ["epochs"] = history.TrainingLoss.Count },
        Proposal = "Train longer before judging the curves.",
    };

    static Diagnosis Healthy(CurveHistory history)
    {
        Dictionary<string, double> numbers = new() { ["training-loss"] = history.TrainingLoss[^1].Value };
        string evidence = $"The training loss fell from {Figures.Loss(history.TrainingLoss[0].Value)} to {Figures.Loss(history.TrainingLoss[^1].Value)}";
        if (history.ValidationAccuracy.Count > 0)
        {
            CurvePoint last = history.ValidationAccuracy[^1];
            CurvePoint best = history.ValidationAccuracy.MaxBy(p => p.Value);
            IReadOnlyList<CurvePoint> gap = history.Gap();
            numbers["validation-accuracy"] = last.Value;
            numbers["error"] = history.AccuracyError(last.Value);
            evidence += $", validation accuracy came to {Figures.Percent(last.Value)}{GapAt(gap, last)} on {history.ExamplesInWords}";
            if (gap.Count > 0)
            {
                numbers["gap"] = gap[^1].Value;
            }
            if (best.Value > last.Value)
            {
                numbers["best-validation-accuracy"] = best.Value;
                numbers["best-epochs"] = best.Epochs;
                evidence += $", and was {Figures.Percent(best.Value)} at best after {Figures.Epochs(best.Epochs)} epochs{GapAt(gap, best)}";
            }
        }
        return new Diagnosis
        {
            Name = "healthy",
            Evidence = evidence + (history.IsUnfinished
                ? $"; after {Figures.Epochs(history.Epochs)} of {Figures.Epochs(history.PlannedEpochs)} epochs no curve asks for a change."
                : "; no curve asks for a change."),
            Numbers = numbers,
            Proposal = history.IsUnfinished ? "Let it run to its end." : "Keep the recipe.",
        };
    }

    // The gap that belongs to a measurement: each value with its own.
    static string GapAt(IReadOnlyList<CurvePoint> gap, CurvePoint measured) =>
        gap.Where(p => p.Epochs == measured.Epochs)
            .Select(p => $" (training accuracy {Figures.Points(Math.Abs(p.Value))} {(p.Value < 0 ? "below" : "above")} it)").FirstOrDefault() ?? "";
}
