namespace Anneal.Curves.Signs;

// The loss runs away: the updates are too long for the surface they walk on.
static class Diverging
{
    // Giving back a quarter of what a network that knows nothing loses is beyond noise, and beyond a warm restart.
    public const double RiseShare = 0.25;

    // A loss that ends at twice what a network that knows nothing loses has been thrown there.
    public const double ThrownRatio = 2;

    // Over about ten log lines, so that one batch of hard mixtures is no rise.
    const double Smoothing = 0.9;

    // A start from weights that are too large is no divergence: it has to have had the time to come down.
    const int FewestPoints = 10;

    public static Diagnosis? Look(CurveHistory history)
    {
        IReadOnlyList<CurvePoint> smoothed = [.. ExponentialAverage.Smooth([.. history.StepLoss.Select(p => p.Value)], Smoothing)
            .Select((loss, i) => new CurvePoint(history.StepLoss[i].Epochs, loss))];
        foreach (IReadOnlyList<CurvePoint> curve in new[] { history.TrainingLoss, smoothed })
        {
            if (curve.Count == 0)
            {
                continue;
            }
            CurvePoint last = curve[^1];
            CurvePoint lowest = curve.Where(p => double.IsFinite(p.Value)).DefaultIfEmpty(last).MinBy(p => p.Value);
            if (!double.IsFinite(last.Value))
            {
                return Found(history, lowest, last, $"The training loss was {Figures.Loss(lowest.Value)} at best, after {lowest.Epochs:F2} epochs, and not finite after {last.Epochs:F2}.");
            }
            if (last.Value - lowest.Value >= RiseShare * history.UntrainedLoss)
            {
                return Found(
                    history, lowest, last,
                    $"The training loss rose from {Figures.Loss(lowest.Value)} after {lowest.Epochs:F2} epochs to {Figures.Loss(last.Value)} after {last.Epochs:F2}; " +
                    $"an untrained network has {Figures.Loss(history.UntrainedLoss)}.");
            }
        }
        if (history.Classes >= 2 && smoothed.Count >= FewestPoints && history.StepLoss[^1].Value >= ThrownRatio * history.UntrainedLoss
            && smoothed[^1].Value >= ThrownRatio * history.UntrainedLoss && !Falls(history.StepLoss))
        {
            CurvePoint lowest = history.StepLoss.MinBy(p => p.Value);
            CurvePoint last = history.StepLoss[^1];
            return Found(
                history, lowest, last,
                $"The training loss is {Figures.Loss(last.Value)} after {last.Epochs:F2} epochs; an untrained network has {Figures.Loss(history.UntrainedLoss)}.");
        }
        return history.Outcome != "diverged" ? null
            : Found(history, new(0, double.NaN), new(history.Epochs, double.NaN), $"After {history.Epochs:F2} epochs the loss or its gradient was not finite too often to go on.");
    }

    // Still coming down, by a tenth from the third quarter to the fourth.
    static bool Falls(IReadOnlyList<CurvePoint> loss)
    {
        int quarter = loss.Count / 4;
        double third = loss.Skip(2 * quarter).Take(quarter).Average(p => p.Value);
        double fourth = loss.TakeLast(quarter).Average(p => p.Value);
        return fourth < 0.9 * third;
    }

    static Diagnosis Found(CurveHistory history, CurvePoint lowest, CurvePoint last, string evidence) => new()
    {
        Name = "diverging",
        Evidence = evidence,
        Numbers = new Dictionary<string, double>
        {
            ["lowest-loss"] = lowest.Value,
            ["lowest-epochs"] = lowest.Epochs,
            ["last-loss"] = last.Value,
            ["untrained-loss"] = history.UntrainedLoss,
        },
        Proposal = "Lower the learning rate to a third, or clip the gradients.",
        ProposedChange = new RecipeChange("learning-rate", ChangeKind.Multiply, 0.33),
    };
}
