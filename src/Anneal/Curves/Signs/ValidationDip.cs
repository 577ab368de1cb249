namespace Anneal.Curves.Signs;

// The evaluation collapses while the training goes on: what is measured is not what is trained. Batch normalization
// evaluates with statistics that it averaged along the way; at a high rate the weights run ahead of them.
static class ValidationDip
{
    // Fifteen points below the best so far are no noise on any usual number of examples; four errors are none on few.
    public const double Fall = 0.15;
    public const double ErrorRatio = 4;

    // Where the curve jumps anyway, five times that, but no training on smoothly explains a jump of thirty points.
    public const double NoiseRatio = 5;
    public const double LargestNoise = 0.3;

    // The first passes change everything; and a tenth of the run that is worse than its beginning is soon over.
    public const double FirstPasses = 3;
    public const double FirstShare = 0.1;

    // The training accuracy of the same passes went along by less than a third: it is not the weights that are worse.
    public const double TrainingShare = 1.0 / 3;

    // It came back if half of the fall is made good.
    public const double BackShare = 0.5;

    public static Diagnosis? Look(CurveHistory history)
    {
        IReadOnlyList<CurvePoint> accuracy = history.ValidationAccuracy;
        if (accuracy.Count < 3)
        {
            return null;
        }
        // The calm end of an annealed run says nothing of how much its middle jumps.
        RateCourse rate = history.Rate;
        double noise = Line.Noise([.. accuracy.Where(p => p.Epochs <= rate.AnnealedFrom)]);
        CurvePoint best = accuracy[0];
        CurvePoint from = best, lowest = best;
        for (int i = 1; i < accuracy.Count; i++)
        {
            if (accuracy[i].Value >= best.Value)
            {
                best = accuracy[i];
            }
            else if (accuracy[i].Epochs >= Math.Max(FirstPasses, FirstShare * history.Epochs) && best.Value - accuracy[i].Value > from.Value - lowest.Value && TrainingGoesOn(history, best, accuracy[i]))
            {
                (from, lowest) = (best, accuracy[i]);
            }
        }
        double fall = from.Value - lowest.Value;
        double error = Math.Sqrt(2) * history.AccuracyError(from.Value);
        if (fall < new[] { Fall, ErrorRatio * error, Math.Min(LargestNoise, NoiseRatio * noise) }.Max())
        {
            return null;
        }
        double after = accuracy.Where(p => p.Epochs >= lowest.Epochs).Max(p => p.Value);
        bool back = after - lowest.Value >= BackShare * fall;
        Passes trained = Trained(history, from, lowest)!.Value;
        return new Diagnosis
        {
            Name = "validation-dip",
            Evidence = $"Validation accuracy fell from {Figures.Percent(from.Value)} after {Figures.Epochs(from.Epochs)} epochs to {Figures.Percent(lowest.Value)} after {Figures.Epochs(lowest.Epochs)} " +
                (back ? $"and came back to {Figures.Percent(after)}" : "and did not come back") + $", while {trained.InWords}.",
            Numbers = new Dictionary<string, double>
            {
                ["before"] = from.Value,
                ["before-epochs"] = from.Epochs,
                ["lowest"] = lowest.Value,
                ["lowest-epochs"] = lowest.Epochs,
                ["after"] = after,
                ["training-before"] = trained.Before,
                ["training-then"] = trained.Then,
            },
            Proposal = "These evaluations do not say how good the weights were: where there is batch normalization, its running statistics lag behind weights that change fast. " +
                "Compute them anew on some training batches before measuring; else lower the peak learning rate, or take larger batches.",
            // A dip that is over has cost nothing that is left; only the best checkpoint and early stopping may have believed it.
            ProposedChange = back ? null : new RecipeChange("learning-rate", ChangeKind.Multiply, 0.5),
            Alternatives = back ? [] : [new RecipeChange("batch-size", ChangeKind.Multiply, 2)],
        };
    }

    internal static bool IsOver(Diagnosis dip) => dip.ProposedChange is null;

    static bool TrainingGoesOn(CurveHistory history, CurvePoint from, CurvePoint to)
    {
        double fall = from.Value - to.Value;
        return Trained(history, from, to) is { } trained && (trained.IsAccuracy
            ? trained.Before - trained.Then < TrainingShare * fall
            : trained.Then - trained.Before < TrainingShare * fall * history.UntrainedLoss);
    }

    // What the passes up to the two evaluations measured: accuracies where there are any, else losses.
    static Passes? Trained(CurveHistory history, CurvePoint from, CurvePoint to) =>
        At(history.TrainingAccuracy, from) is { } right && At(history.TrainingAccuracy, to) is { } rightThen ? new Passes(right, rightThen, true)
        : At(history.TrainingLoss, from) is { } loss && At(history.TrainingLoss, to) is { } lossThen ? new Passes(loss, lossThen, false)
        : null;

    static double? At(IReadOnlyList<CurvePoint> curve, CurvePoint measured) =>
        curve.Where(p => p.Epochs <= measured.Epochs + 1e-9).Select(p => (double?)p.Value).LastOrDefault();

    readonly record struct Passes(double Before, double Then, bool IsAccuracy)
    {
        public string InWords => IsAccuracy
            ? $"training accuracy went from {Figures.Percent(Before)} to {Figures.Percent(Then)}"
            : $"the training loss went from {Figures.Loss(Before)} to {Figures.Loss(Then)}";
    }
}
