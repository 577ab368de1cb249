namespace Anneal.Curves.Signs;

// The network does no better on what it trains on than on what it does not, and has stopped getting better at either.
static class Underfit
{
    // Below two points, training and validation accuracy are the same for this purpose.
    public const double Gap = 0.02;

    // Less than a point in the last third of the run: it has learned what it can hold.
    public const double Growth = 0.01;

    public static Diagnosis? Look(CurveHistory history)
    {
        IReadOnlyList<CurvePoint> gap = history.Gap();
        IReadOnlyList<CurvePoint> tail = history.Tail(history.TrainingAccuracy);
        if (gap.Count < 2 || tail.Count < 3 || Doctor.NothingLeftToLearn(history))
        {
            return null;
        }
        double last = gap.TakeLast(2).Average(p => p.Value);
        Line line = Line.Through(tail);
        if (last >= Gap || line.Rise >= Growth)
        {
            return null;
        }
        return new Diagnosis
        {
            Name = "underfit",
            Evidence = $"Training accuracy is {line.AtTo:P1}, {Math.Abs(last):P1} {(last < 0 ? "below" : "above")} validation accuracy, and has gained only {line.Rise:P1} since epoch {line.From:F1}.",
            Numbers = new Dictionary<string, double>
            {
                ["training-accuracy"] = line.AtTo,
                ["gap"] = last,
                ["growth"] = line.Rise,
                ["from-epochs"] = line.From,
            },
            Proposal = "Take a larger model: half as wide again; then train longer.",
            ProposedChange = new RecipeChange("model.width", ChangeKind.Multiply, 1.5),
            Alternatives = [new RecipeChange("duration", ChangeKind.Multiply, 1.5)],
        };
    }
}
