namespace Anneal.Curves.Signs;

// A loss that stays where it began, and then may drop at once: the network starts where there is no slope.
static class FlatStart
{
    // A loss within a twentieth of where it began has not moved.
    public const double FlatShare = 0.05;

    // Shorter than a tenth of the run, it costs too little to matter.
    public const double LongestShare = 0.1;

    // "At once": half of all that the run gains comes within as long again as nothing came.
    public const double SuddenShare = 0.5;

    // During a warmup a flat loss is the warmup's doing, until the rate has come to a tenth of its highest.
    const double WarmRateShare = 0.1;

    const int FewestPoints = 20;

    public static Diagnosis? Look(CurveHistory history)
    {
        IReadOnlyList<CurvePoint> loss = history.StepLoss;
        if (loss.Count < FewestPoints)
        {
            return null;
        }
        double start = loss.Take(3).Average(p => p.Value);
        double lowest = loss.Min(p => p.Value);
        double warm = 0;
        if (history.LearningRate.Count > 0)
        {
            double peak = history.LearningRate.Max(p => p.Value);
            warm = history.LearningRate.First(p => p.Value >= WarmRateShare * peak).Epochs;
        }

        // Two in a row, so that one easy batch does not end the flat stretch.
        int left = 0;
        while (left < loss.Count - 1 && !(loss[left].Value < (1 - FlatShare) * start && loss[left + 1].Value < (1 - FlatShare) * start))
        {
            left++;
        }
        bool never = left == loss.Count - 1;
        double flat = loss[left].Epochs - warm;
        if (flat < LongestShare * history.Epochs)
        {
            return null;
        }
        if (never)
        {
            return new Diagnosis
            {
                Name = "flat-start",
                Evidence = $"The training loss began at {start:F3} and was never lower by {FlatShare:P0} for long in {history.Epochs:F2} epochs (lowest {lowest:F3}).",
                Numbers = Numbers(start, lowest, flat, history.Epochs),
                Proposal = "Check the initialization (activations that vanish or saturate); else the learning rate is too low: try three times as much.",
                ProposedChange = new RecipeChange("learning-rate", ChangeKind.Multiply, 3),
                Alternatives = [new RecipeChange("learning-rate", ChangeKind.Multiply, 0.1)],
            };
        }
        double soon = loss.Where(p => p.Epochs <= loss[left].Epochs + flat).Min(p => p.Value);
        if (start - soon < SuddenShare * (start - lowest))
        {
            return null;
        }
        return new Diagnosis
        {
            Name = "flat-start",
            Evidence = $"The training loss stayed near {start:F3} for {flat:F2} of {history.Epochs:F2} epochs and then fell at once, to {soon:F3} within as long again.",
            Numbers = Numbers(start, lowest, flat, history.Epochs),
            Proposal = "Check the initialization: scales that fit the activation (He for ReLU), normalization, zero-γ in residual branches.",
        };
    }

    static Dictionary<string, double> Numbers(double start, double lowest, double flat, double epochs) => new()
    {
        ["start-loss"] = start,
        ["lowest-loss"] = lowest,
        ["flat-epochs"] = flat,
        ["epochs"] = epochs,
    };
}
