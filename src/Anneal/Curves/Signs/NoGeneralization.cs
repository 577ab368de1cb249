namespace Anneal.Curves.Signs;

// The network learns its training examples and knows nothing of others: their labels do not belong to them.
static class NoGeneralization
{
    // It has learned something if it is right half as often again as guessing is.
    public const double LearnedRatio = 1.5;

    // A network that is right by chance on so few examples could be anything.
    const long FewestExamples = 30;

    public static Diagnosis? Look(CurveHistory history)
    {
        if (history.Classes < 2 || history.ValidationAccuracy.Count < 4 || history.TrainingAccuracy.Count < 2
            || history.ValidationExamples is > 0 and < FewestExamples)
        {
            return null;
        }
        double chance = 1.0 / history.Classes;
        double best = history.ValidationAccuracy.Max(p => p.Value);
        // The evaluations of the second half together: the best of many is lucky.
        double usual = history.ValidationAccuracy.Where(p => p.Epochs >= history.Epochs / 2).Average(p => p.Value);
        double trained = history.TrainingAccuracy[^1].Value;
        double error = SamplingError.Sure * history.AccuracyError(chance);
        if (usual > chance + error || best > chance + 2 * error || trained < Math.Min(LearnedRatio * chance, (1 + chance) / 2))
        {
            return null;
        }
        return new Diagnosis
        {
            Name = "no-generalization",
            Evidence = $"Training accuracy came to {Figures.Percent(trained)}, but validation accuracy stayed near {Figures.Percent(usual)} and was never above {Figures.Percent(best)}; guessing among {history.Classes} classes gives {Figures.Percent(chance)}, " +
                $"and chance explains {Figures.Points(error)} on {history.ExamplesInWords}.",
            Numbers = new Dictionary<string, double>
            {
                ["training-accuracy"] = trained,
                ["validation-accuracy"] = usual,
                ["chance"] = chance,
                ["error"] = error,
            },
            Proposal = "Look at the data: labels that do not belong to their examples (shuffled, shifted by one), or validation examples of another kind.",
        };
    }
}
