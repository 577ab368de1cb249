namespace Anneal.Curves.Signs;

// The curves jump about at the end of the run, so that where it stops is luck.
static class Noisy
{
    // Two networks that are equally good differ by some tenths of a point on thousands of examples; a point is more.
    public const double Accuracy = 0.01;

    // The loss of a whole pass should not jump by a tenth of itself ...
    public const double LossShare = 0.1;

    // ... where that is a hundredth of what there was to learn: a tenth of next to nothing is nothing.
    public const double LeastShare = 0.01;

    // Two second differences are no spread.
    const int FewestPoints = 5;

    public static Diagnosis? Look(CurveHistory history)
    {
        // At a high rate that comes down later the curves may jump: the end decides.
        RateCourse rate = history.Rate;
        double from = Math.Max(history.Epochs / 2, rate.Anneals ? rate.AnnealedFrom : 0);
        string where = rate.Anneals ? "after the rate came down" : "in the second half of the run";
        if (history.IsUnfinished && !rate.Anneals)
        {
            // Nobody knows yet whether it will.
            return null;
        }
        List<CurvePoint> accuracy = [.. history.ValidationAccuracy.Where(p => p.Epochs >= from)];
        if (accuracy.Count >= FewestPoints)
        {
            double points = Line.Noise(accuracy);
            double error = history.AccuracyError(accuracy.Average(p => p.Value));
            if (points >= Math.Max(Accuracy, SamplingError.Sure * error))
            {
                return Found(
                    $"Validation accuracy jumps by {Figures.Points(points)} (standard deviation) from one evaluation to the next {where}; " +
                    $"chance explains {Figures.Points(SamplingError.Sure * error)} on {history.ExamplesInWords}.",
                    "accuracy-noise", points);
            }
        }
        List<CurvePoint> loss = [.. history.TrainingLoss.Where(p => p.Epochs >= from)];
        if (loss.Count >= FewestPoints && !Doctor.NothingLeftToLearn(history))
        {
            double jumps = Line.Noise(loss);
            double share = jumps / (loss.Average(p => p.Value) - history.LossFloor);
            if (share >= LossShare && jumps >= LeastShare * history.UntrainedLoss)
            {
                return Found($"The training loss of a pass jumps by {share * 100:F0} % (standard deviation) of itself from one pass to the next {where}.", "loss-noise", share);
            }
        }
        return null;
    }

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
