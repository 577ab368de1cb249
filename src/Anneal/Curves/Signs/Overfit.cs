namespace Anneal.Curves.Signs;

// What is learned of the training examples no longer helps with others.
static class Overfit
{
    // Five points between training and validation accuracy are more than evaluation noise and usual augmentation explain.
    public const double Gap = 0.05;

    // The gap is a growing one if it has grown by two points since the middle of the run.
    public const double Growth = 0.02;

    // The validation loss is rising if the last two evaluations are a tenth above the best one.
    public const double LossRatio = 1.1;

    public static Diagnosis? Look(CurveHistory history) => ByGap(history) ?? ByLoss(history);

    static Diagnosis? ByGap(CurveHistory history)
    {
        IReadOnlyList<CurvePoint> gap = history.Gap();
        if (gap.Count < 4)
        {
            return null;
        }
        double last = gap.TakeLast(2).Average(p => p.Value);
        CurvePoint middle = gap.MinBy(p => Math.Abs(p.Epochs - history.Epochs / 2));
        if (last < Gap || last - middle.Value < Growth)
        {
            return null;
        }
        return Found(
            $"Training accuracy is {last:P1} above validation accuracy at the end; after {middle.Epochs:F1} epochs it was {middle.Value:P1}.",
            new Dictionary<string, double>
            {
                ["gap"] = last,
                ["middle-gap"] = middle.Value,
                ["middle-epochs"] = middle.Epochs,
                ["validation-accuracy"] = history.ValidationAccuracy[^1].Value,
            });
    }

    static Diagnosis? ByLoss(CurveHistory history)
    {
        if (history.ValidationLoss.Count < 4 || history.TrainingLoss.Count < 2)
        {
            return null;
        }
        CurvePoint lowest = history.ValidationLoss.MinBy(p => p.Value);
        double last = history.ValidationLoss.TakeLast(2).Average(p => p.Value);
        double trainedThen = history.TrainingLoss.MinBy(p => Math.Abs(p.Epochs - lowest.Epochs)).Value;
        double trainedNow = history.TrainingLoss[^1].Value;
        if (!(last >= LossRatio * lowest.Value && trainedNow < trainedThen))
        {
            return null;
        }
        return Found(
            $"The validation loss rose from {lowest.Value:F3} after {lowest.Epochs:F1} epochs to {last:F3}, while the training loss fell from {trainedThen:F3} to {trainedNow:F3}.",
            new Dictionary<string, double>
            {
                ["lowest-validation-loss"] = lowest.Value,
                ["lowest-epochs"] = lowest.Epochs,
                ["validation-loss"] = last,
                ["training-loss"] = trainedNow,
            });
    }

    static Diagnosis Found(string evidence, IReadOnlyDictionary<string, double> numbers) => new()
    {
        Name = "overfit",
        Evidence = evidence,
        Numbers = numbers,
        Proposal = "Regularize more: three times the weight decay; then label smoothing, then stronger augmentation.",
        ProposedChange = new RecipeChange("optimizer.weight-decay", ChangeKind.Multiply, 3),
        Alternatives = [new RecipeChange("loss.smoothing", ChangeKind.Set, 0.1)],
    };
}
