namespace Anneal.Curves.Signs;

// The training loss has stopped falling while the rate is still high: the updates jump over what is left to gain.
static class Plateau
{
    // Less than this in a third of the run would take many runs to matter.
    public const double Improvement = 0.02;

    // A rate of half its highest has not been decayed.
    public const double HighRateShare = 0.5;

    public static Diagnosis? Look(CurveHistory history)
    {
        IReadOnlyList<CurvePoint> tail = history.Tail(history.TrainingLoss);
        RateCourse rate = history.Rate;
        if (tail.Count < 3 || !rate.IsKnown || Doctor.NothingLeftToLearn(history))
        {
            return null;
        }
        Line line = Line.Through(tail);
        // What smoothed labels leave cannot be learned away.
        double improvement = -line.Rise / (line.AtFrom - history.LossFloor);
        // What a line through so many points may fall by noise alone.
        double chance = Line.Noise(tail) * Math.Sqrt(12.0 / tail.Count) / (line.AtFrom - history.LossFloor);
        double lowestShare = rate.LowestShareFrom(tail[0].Epochs);
        if (improvement >= Math.Max(Improvement, chance) || lowestShare < HighRateShare)
        {
            return null;
        }

        // Under a schedule that has not come to its end, the rest of it is the remedy.
        bool comesDown = history.IsUnfinished;
        return new Diagnosis
        {
            Name = "plateau",
            Evidence = $"From epoch {Figures.Epochs(line.From)} to {Figures.Epochs(line.To)} the training loss changed by {Figures.Percent(-improvement)}, " +
                $"from {Figures.Loss(line.AtFrom)} to {Figures.Loss(line.AtTo)}, at a rate of {100 * lowestShare:F0} % of its highest or more.",
            Numbers = new Dictionary<string, double>
            {
                ["improvement"] = improvement,
                ["from-epochs"] = line.From,
                ["to-epochs"] = line.To,
                ["last-loss"] = line.AtTo,
                ["rate-share"] = lowestShare,
            },
            Proposal = comesDown
                ? $"The run has come to {Figures.Epochs(history.Epochs)} of {Figures.Epochs(history.PlannedEpochs)} epochs: if its rate still comes down, let it; else train at a third of it."
                : $"Decay the learning rate from about epoch {line.From:F0} on, or train at a third of it.",
            ProposedChange = comesDown ? null : new RecipeChange("learning-rate", ChangeKind.Multiply, 0.33),
        };
    }
}
