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
        if (tail.Count < 3 || history.LearningRate.Count == 0 || Doctor.NothingLeftToLearn(history))
        {
            return null;
        }
        Line line = Line.Through(tail);
        double improvement = -line.Rise / line.AtFrom;
        double peak = history.LearningRate.Max(p => p.Value);
        double lowestRate = history.LearningRate.Where(p => p.Epochs >= tail[0].Epochs).Select(p => p.Value).DefaultIfEmpty(history.LearningRate[^1].Value).Min();
        if (improvement >= Improvement || lowestRate < HighRateShare * peak)
        {
            return null;
        }
        return new Diagnosis
        {
            Name = "plateau",
            Evidence = $"From epoch {line.From:F1} to {line.To:F1} the training loss changed by {-improvement:P1}, from {line.AtFrom:F3} to {line.AtTo:F3}, at a rate of {lowestRate / peak:P0} of its highest or more.",
            Numbers = new Dictionary<string, double>
            {
                ["improvement"] = improvement,
                ["from-epochs"] = line.From,
                ["to-epochs"] = line.To,
                ["last-loss"] = line.AtTo,
                ["rate-share"] = lowestRate / peak,
            },
            Proposal = $"Decay the learning rate from about epoch {line.From:F0} on, or train at a third of it.",
            ProposedChange = new RecipeChange("learning-rate", ChangeKind.Multiply, 0.33),
        };
    }
}
