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

        Diagnosis? plateau = Plateau.Look(history);
        Diagnosis?[] all =
        [
            plateau,
            DecayedTooEarly.Look(history),
            Overfit.Look(history),
            // A high rate and a small model look alike; the rate is the cheaper one to try.
            plateau is null ? Underfit.Look(history) : null,
            StillRising.Look(history),
            Noisy.Look(history),
            flat,
        ];
        Diagnosis[] found = [.. all.OfType<Diagnosis>()];
        return found.Length > 0 ? found : [Healthy(history)];
    }

    internal static bool NothingLeftToLearn(CurveHistory history) =>
        history.TrainingAccuracy.Count > 0 && history.TrainingAccuracy[^1].Value >= Learned;

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
        string evidence = $"The training loss fell from {history.TrainingLoss[0].Value:F3} to {history.TrainingLoss[^1].Value:F3}";
        if (history.ValidationAccuracy.Count > 0)
        {
            double best = history.ValidationAccuracy.Max(p => p.Value);
            numbers["validation-accuracy"] = best;
            evidence += $", validation accuracy came to {best:P1}";
        }
        if (history.Gap() is { Count: > 0 } gap)
        {
            numbers["gap"] = gap[^1].Value;
            evidence += $" (training accuracy {Math.Abs(gap[^1].Value):P1} {(gap[^1].Value < 0 ? "below" : "above")} it)";
        }
        return new Diagnosis
        {
            Name = "healthy",
            Evidence = evidence + ", and no curve asks for a change.",
            Numbers = numbers,
            Proposal = "Keep the recipe.",
        };
    }
}
