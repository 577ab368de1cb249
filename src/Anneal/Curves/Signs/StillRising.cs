namespace Anneal.Curves.Signs;

// The run ended before it had learned what it could.
static class StillRising
{
    // Half a point in the last third of the run is worth another half of it.
    public const double Gain = 0.005;

    // A gain of less than twice the noise on the curve may be none.
    public const double NoiseRatio = 2;

    public static Diagnosis? Look(CurveHistory history)
    {
        IReadOnlyList<CurvePoint> tail = history.Tail(history.ValidationAccuracy);
        if (tail.Count < 3)
        {
            return null;
        }
        Line line = Line.Through(tail);
        double best = history.ValidationAccuracy.Max(p => p.Value);
        bool bestIsLast = history.ValidationAccuracy.TakeLast(2).Any(p => p.Value == best);
        if (line.Rise < Math.Max(Gain, NoiseRatio * Line.Noise(tail)) || !bestIsLast)
        {
            return null;
        }
        return new Diagnosis
        {
            Name = "still-rising",
            Evidence = $"Validation accuracy gained {line.Rise:P1} from epoch {line.From:F1} to the end and was best at the end ({best:P1}).",
            Numbers = new Dictionary<string, double>
            {
                ["gain"] = line.Rise,
                ["from-epochs"] = line.From,
                ["epochs"] = history.Epochs,
                ["validation-accuracy"] = best,
            },
            Proposal = "Train half as long again.",
            ProposedChange = new RecipeChange("duration", ChangeKind.Multiply, 1.5),
        };
    }
}
