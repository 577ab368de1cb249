namespace Anneal.Curves.Signs;

// The network does no better on what it trains on than on what it does not, and has stopped getting better at either.
static class Underfit
{
    // Below two points, and what chance adds to them, training and validation accuracy are the same for this purpose.
    public const double Gap = 0.02;

    // Less than a point in the last third of the run: it has learned what it can hold.
    public const double Growth = 0.01;

    // Where the rate comes down there, a network with room left takes off a fourth of its errors or more; a tenth is
    // the noise that goes with the rate.
    public const double AnnealedGrowthShare = 0.1;

    public static Diagnosis? Look(CurveHistory history)
    {
        IReadOnlyList<CurvePoint> gap = history.Gap();
        IReadOnlyList<CurvePoint> tail = history.Tail(history.TrainingAccuracy);
        if (gap.Count < 2 || tail.Count < 3 || Doctor.NearlyLearned(history) || history.IsUnfinished)
        {
            return null;
        }
        double last = gap.TakeLast(2).Average(p => p.Value);
        Line line = Line.Through(tail);
        double error = history.AccuracyError(history.ValidationAccuracy[^1].Value);
        double least = history.Rate.Anneals ? Math.Max(Growth, AnnealedGrowthShare * (1 - line.AtFrom)) : Growth;
        if (last >= Gap + error || line.Rise >= least)
        {
            return null;
        }
        return new Diagnosis
        {
            Name = "underfit",
            Evidence = $"Training accuracy is {Figures.Percent(line.AtTo)}, {Figures.Points(Math.Abs(last))} {(last < 0 ? "below" : "above")} validation accuracy " +
                $"(chance explains {Figures.Points(error)} on {history.ExamplesInWords}), and has gained only {Figures.Points(line.Rise)} since epoch {Figures.Epochs(line.From)}.",
            Numbers = new Dictionary<string, double>
            {
                ["training-accuracy"] = line.AtTo,
                ["gap"] = last,
                ["error"] = error,
                ["growth"] = line.Rise,
                ["from-epochs"] = line.From,
            },
            Proposal = "Take a larger model: half as wide again; then train longer.",
            ProposedChange = new RecipeChange("model.width", ChangeKind.Multiply, 1.5),
            Alternatives = [new RecipeChange("duration", ChangeKind.Multiply, 1.5)],
        };
    }
}
