namespace Anneal.Curves.Signs;

// The loss runs away: the updates are too long for the surface they walk on.
static class Diverging
{
    // Giving back a quarter of what a network that knows nothing loses is beyond noise, and beyond a warm restart.
    public const double RiseShare = 0.25;

    // Over about ten log lines, so that one batch of hard mixtures is no rise.
    const double Smoothing = 0.9;

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
                return Found(history, lowest, last, $"The training loss was {lowest.Value:F3} at best, after {lowest.Epochs:F2} epochs, and not finite after {last.Epochs:F2}.");
            }
            if (last.Value - lowest.Value >= RiseShare * history.UntrainedLoss)
            {
                return Found(history, lowest, last, $"The training loss rose from {lowest.Value:F3} after {lowest.Epochs:F2} epochs to {(last.Value < 1e6 ? last.Value.ToString("F3") : last.Value.ToString("G4"))} after {last.Epochs:F2}; an untrained network has {history.UntrainedLoss:F3}.");
            }
        }
        return history.Outcome != "diverged" ? null
            : Found(history, new(0, double.NaN), new(history.Epochs, double.NaN), $"After {history.Epochs:F2} epochs the loss or its gradient was not finite too often to go on.");
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
