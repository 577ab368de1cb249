namespace Anneal.Curves.Signs;

// The curves jump about at the end of the run, so that where it stops is luck.
static class Noisy
{
    // Two networks that are equally good differ by some tenths of a point on thousands of examples; a point is more.
    public const double Accuracy = 0.01;

    // The loss of a whole pass should not jump by a tenth of itself.
    public const double LossShare = 0.1;

    // Two second differences are no spread.
    const int FewestPoints = 5;

    public static Diagnosis? Look(CurveHistory history)
    {
        List<CurvePoint> accuracy = SecondHalf(history, history.ValidationAccuracy);
        if (accuracy.Count >= FewestPoints && Line.Noise(accuracy) is var points && points >= Accuracy)
        {
            return Found($"Validation accuracy jumps by {points:P1} (standard deviation) from one evaluation to the next in the second half of the run.", "accuracy-noise", points);
        }
        List<CurvePoint> loss = SecondHalf(history, history.TrainingLoss);
        if (loss.Count >= FewestPoints && Line.Noise(loss) / loss.Average(p => p.Value) is var share && share >= LossShare)
        {
            return Found($"The training loss of a pass jumps by {share:P0} (standard deviation) of itself from one pass to the next in the second half of the run.", "loss-noise", share);
        }
        return null;
    }

    static List<CurvePoint> SecondHalf(CurveHistory history, IReadOnlyList<CurvePoint> curve) =>
        [.. curve.Where(p => p.Epochs >= history.Epochs / 2)];

    static Diagnosis Found(string evidence, string name, double value) => new()
    {
        Name = "noisy",
        Evidence = evidence,
        Numbers = new Dictionary<string, double> { [name] = value },
        Proposal = "Halve the learning rate, double the batch, or average the weights.",
        ProposedChange = new RecipeChange("learning-rate", ChangeKind.Multiply, 0.5),
        Alternatives = [new RecipeChange("batch-size", ChangeKind.Multiply, 2)],
    };
}
