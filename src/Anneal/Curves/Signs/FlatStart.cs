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

    // A network that knows nothing loses log C. One that hovers a hundredth above it, or was thrown to half as much again
    // on its way, is driven about by its updates: the rate is too high, not too low.
    public const double AboveShare = 0.01;
    public const double ThrownShare = 0.5;

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

        // Weights that are too large at first lose more than log C; coming down to that is no learning.
        double nothing = history.Classes >= 2 ? Math.Min(start, history.UntrainedLoss) : start;
        if (Left(loss, nothing) == loss.Count - 1)
        {
            return ComesDown(loss) ? null : Never(history, nothing, lowest, loss[^1].Epochs - warm);
        }
        int left = Left(loss, start);
        double flat = loss[left].Epochs - warm;
        if (flat < LongestShare * history.Epochs)
        {
            return null;
        }
        double soon = loss.Where(p => p.Epochs <= loss[left].Epochs + flat).Min(p => p.Value);
        if (start - soon < SuddenShare * (start - lowest))
        {
            return null;
        }
        return new Diagnosis
        {
            Name = "flat-start",
            Evidence = $"The training loss stayed near {Figures.Loss(start)} for {flat:F2} of {history.Epochs:F2} epochs and then fell at once, to {Figures.Loss(soon)} within as long again.",
            Numbers = Numbers(start, lowest, flat, history.Epochs),
            Proposal = "Check the initialization: scales that fit the activation (He for ReLU), normalization, zero-γ in residual branches.",
        };
    }

    // Where the loss leaves where it began: two in a row, so that one easy batch does not end the flat stretch.
    static int Left(IReadOnlyList<CurvePoint> loss, double start)
    {
        int left = 0;
        while (left < loss.Count - 1 && !(loss[left].Value < (1 - FlatShare) * start && loss[left + 1].Value < (1 - FlatShare) * start))
        {
            left++;
        }
        return left;
    }

    static Diagnosis Never(CurveHistory history, double start, double lowest, double flat)
    {
        IReadOnlyList<CurvePoint> loss = history.StepLoss;
        double late = loss.Skip(loss.Count / 2).Average(p => p.Value);
        bool tooHigh = history.Classes >= 2
            && (late > (1 + AboveShare) * history.UntrainedLoss || loss.Skip(3).Any(p => p.Value > (1 + ThrownShare) * Math.Max(loss[0].Value, history.UntrainedLoss)));
        string seen = $"The training loss began at {Figures.Loss(loss.Take(3).Average(p => p.Value))} and was never below {Figures.Loss((1 - FlatShare) * start)} for long in {history.Epochs:F2} epochs (lowest {Figures.Loss(lowest)})";
        RecipeChange up = new("learning-rate", ChangeKind.Multiply, 3);
        RecipeChange down = new("learning-rate", ChangeKind.Multiply, 0.1);
        return new Diagnosis
        {
            Name = "flat-start",
            Evidence = tooHigh
                ? $"{seen}; in the second half it hovered at {Figures.Loss(late)}, and a network that knows nothing has {Figures.Loss(history.UntrainedLoss)}."
                : seen + ".",
            Numbers = Numbers(start, lowest, flat, history.Epochs),
            Proposal = tooHigh
                ? "The updates throw the weights about: try a tenth of the learning rate; else check the initialization."
                : "Check the initialization (activations that vanish or saturate) and that labels belong to their examples; else the learning rate is too low: try three times as much.",
            ProposedChange = tooHigh ? down : up,
            Alternatives = [tooHigh ? up : down],
        };
    }

    // A loss that is high but on its way down is slow, not flat.
    static bool ComesDown(IReadOnlyList<CurvePoint> loss)
    {
        int third = loss.Count / 3;
        return loss.TakeLast(third).Average(p => p.Value) < (1 - FlatShare) * loss.Skip(3).Take(third).Average(p => p.Value);
    }

    static Dictionary<string, double> Numbers(double start, double lowest, double flat, double epochs) => new()
    {
        ["start-loss"] = start,
        ["lowest-loss"] = lowest,
        ["flat-epochs"] = flat,
        ["epochs"] = epochs,
    };
}
