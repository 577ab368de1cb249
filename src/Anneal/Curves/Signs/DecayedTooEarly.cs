namespace Anneal.Curves.Signs;

// The loss was still falling well when the rate was cut, and has hardly fallen since: what is left takes longer steps.
static class DecayedTooEarly
{
    // A rate of a tenth of its highest is decayed: the usual factor of one cut.
    public const double DecayedShare = 0.1;

    // A cosine is below a tenth for the last fifth of a run; with less than a quarter left, the cut was not early.
    public const double LeftShare = 0.25;

    // At the speed before the cut, the rest of the run would have taken off a fifth of the loss or more.
    public const double Promise = 0.2;

    // The speed after the cut is a fifth of that before, or less.
    public const double SlowShare = 0.2;

    public static Diagnosis? Look(CurveHistory history)
    {
        if (history.LearningRate.Count == 0 || Doctor.NothingLeftToLearn(history))
        {
            return null;
        }
        double peak = history.LearningRate.Max(p => p.Value);
        int atPeak = history.LearningRate.ToList().FindLastIndex(p => p.Value >= 0.9 * peak);
        CurvePoint? cut = history.LearningRate.Skip(atPeak).Where(p => p.Value <= DecayedShare * peak).Select(p => (CurvePoint?)p).FirstOrDefault();
        if (cut is not { } at || history.Epochs - at.Epochs < LeftShare * history.Epochs)
        {
            return null;
        }

        // The pass in which the rate is cut falls by the cut itself, so it belongs to neither side.
        List<CurvePoint> before = [.. history.TrainingLoss.Where(p => p.Epochs <= at.Epochs).TakeLast(3)];
        List<CurvePoint> after = [.. history.TrainingLoss.Where(p => p.Epochs >= at.Epochs + 1)];
        if (before.Count < 2 || after.Count < 3)
        {
            return null;
        }
        double speedBefore = Speed(Line.Through(before), history.LossFloor);
        double speedAfter = Speed(Line.Through(after), history.LossFloor);
        double left = history.Epochs - at.Epochs;
        if (speedBefore * left < Promise || speedAfter > SlowShare * speedBefore)
        {
            return null;
        }
        return new Diagnosis
        {
            Name = "decayed-too-early",
            Evidence = $"The rate was down to a tenth after {Figures.Epochs(at.Epochs)} of {Figures.Epochs(history.Epochs)} epochs, " +
                $"while the training loss was falling by {Figures.Percent(speedBefore)} an epoch; after that it fell by {Figures.Percent(speedAfter)}.",
            Numbers = new Dictionary<string, double>
            {
                ["decayed-epochs"] = at.Epochs,
                ["epochs"] = history.Epochs,
                ["speed-before"] = speedBefore,
                ["speed-after"] = speedAfter,
            },
            Proposal = "Decay later or more slowly, or train longer so that the decay comes later.",
            ProposedChange = new RecipeChange("duration", ChangeKind.Multiply, 1.5),
            Alternatives = [new RecipeChange("learning-rate", ChangeKind.Multiply, 1.5)],
        };
    }

    // Share of the loss that can be lost, taken off in an epoch.
    static double Speed(Line line, double floor) => -line.Slope / (line.AtFrom - floor);
}
