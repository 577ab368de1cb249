namespace Anneal.Curves.Signs;

// What is learned of the training examples no longer helps with others.
static class Overfit
{
    // Five points between training and validation accuracy are more than usual augmentation explains.
    public const double Gap = 0.05;

    // The gap is a growing one if it has grown by two points since the middle of the run.
    public const double Growth = 0.02;

    // The validation loss is rising if the last two evaluations are a tenth above the best one.
    public const double LossRatio = 1.1;

    // A change of less than twice the noise on the curve may be none; of a lowest point, which noise has picked, three times.
    public const double NoiseRatio = 2;
    public const double LowestNoiseRatio = 3;

    public static Diagnosis? Look(CurveHistory history) => ByGap(history) ?? ByLoss(history);

    static Diagnosis? ByGap(CurveHistory history)
    {
        IReadOnlyList<CurvePoint> gap = history.Gap();
        if (gap.Count < 4)
        {
            return null;
        }
        double last = gap.TakeLast(2).Average(p => p.Value);
        double accuracy = history.ValidationAccuracy.TakeLast(2).Average(p => p.Value);
        double error = SamplingError.Sure * history.AccuracyError(accuracy);
        // The middle three, so that one bad evaluation there hides nothing.
        CurvePoint[] middle = [.. gap.OrderBy(p => Math.Abs(p.Epochs - history.Epochs / 2)).Take(3).OrderBy(p => p.Value)];
        double growth = last - middle[1].Value;

        // A gap that has stopped growing because there is nothing left to learn is no smaller for it.
        bool grows = growth >= new[] { Growth, error, NoiseRatio * Line.Noise(gap) }.Max();
        if (last < Math.Max(Gap, error) || (!grows && !Doctor.NothingLeftToLearn(history)))
        {
            return null;
        }
        return Found(
            $"Training accuracy is {Figures.Points(last)} above validation accuracy at the end; after about {Figures.Epochs(middle[1].Epochs)} epochs it was {Figures.Points(middle[1].Value)}. " +
            $"Chance explains {Figures.Points(error)} on {history.ExamplesInWords}.",
            new Dictionary<string, double>
            {
                ["gap"] = last,
                ["error"] = error,
                ["middle-gap"] = middle[1].Value,
                ["middle-epochs"] = middle[1].Epochs,
                ["validation-accuracy"] = accuracy,
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
        // Where no accuracy was measured, a nat or so is lost on each wrong one.
        double accuracy = history.ValidationAccuracy.Where(p => p.Epochs == lowest.Epochs).Select(p => p.Value)
            .DefaultIfEmpty(1 - Math.Min(1, lowest.Value)).First();
        double error = SamplingError.Sure * history.LossErrorShare(accuracy);
        if (!(last >= Math.Max(LossRatio, 1 + error) * lowest.Value && last >= lowest.Value + LowestNoiseRatio * Line.Noise(history.ValidationLoss)
            && trainedNow < trainedThen))
        {
            return null;
        }
        return Found(
            $"The validation loss rose from {Figures.Loss(lowest.Value)} after {Figures.Epochs(lowest.Epochs)} epochs to {Figures.Loss(last)}, " +
            $"while the training loss fell from {Figures.Loss(trainedThen)} to {Figures.Loss(trainedNow)}; chance explains {Figures.Loss(error * lowest.Value)} on {history.ExamplesInWords}.",
            new Dictionary<string, double>
            {
                ["lowest-validation-loss"] = lowest.Value,
                ["lowest-epochs"] = lowest.Epochs,
                ["validation-loss"] = last,
                ["error"] = error * lowest.Value,
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
