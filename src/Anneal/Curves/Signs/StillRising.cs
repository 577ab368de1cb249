namespace Anneal.Curves.Signs;

// The run ended at a high rate, before it had learned what it could.
static class StillRising
{
    // Half a point in the last third of the run is worth another half of it ...
    public const double Gain = 0.005;

    // ... and next to 100 %, a twentieth of the errors that are left: from 99.0 to 99.3 % is no small step.
    public const double ErrorShare = 0.05;

    // A gain of less than twice the noise on the curve may be none.
    public const double NoiseRatio = 2;

    const string Proposal = "Train half as long again, or let the rate come down at the end; where the loss falls slowly from the start, raise the rate.";

    static readonly RecipeChange LongerBy = new("duration", ChangeKind.Multiply, 1.5);

    static readonly RecipeChange Faster = new("learning-rate", ChangeKind.Multiply, 2);

    public static Diagnosis? Look(CurveHistory history)
    {
        // Where the rate comes down, the last third of a healthy run gains most and its end is best; where the run has not
        // come to its planned end, it is going to be longer anyway. Undertrained knows what to look for there.
        IReadOnlyList<CurvePoint> tail = history.Tail(history.ValidationAccuracy);
        if (tail.Count < 3 || history.Rate.Anneals || history.IsUnfinished)
        {
            return null;
        }
        Line line = Line.Through(tail);
        if (line.Rise <= 0)
        {
            return null;
        }
        CurvePoint best = history.ValidationAccuracy.MaxBy(p => p.Value);
        bool bestIsLast = history.ValidationAccuracy.TakeLast(2).Any(p => p.Value == best.Value);
        double error = history.AccuracyError(best.Value);
        double least = new[] { Math.Min(Gain, ErrorShare * (1 - line.AtFrom)), NoiseRatio * Line.Noise(tail), SamplingError.SureOfChange * error }.Max();
        if (!bestIsLast)
        {
            return null;
        }
        if (line.Rise < least)
        {
            return ByTraining(history, line, error);
        }
        return new Diagnosis
        {
            Name = "still-rising",
            Evidence = $"Validation accuracy gained {Figures.Points(line.Rise)} from epoch {Figures.Epochs(line.From)} to the end and was best at the end ({Figures.Percent(best.Value)}), " +
                (history.Rate.IsKnown ? $"at a rate that does not come down; chance explains {Figures.Points(SamplingError.SureOfChange * error)} on {history.ExamplesInWords}."
                    : $"under a learning rate that was not recorded: where it came down to nothing, that is how a good run ends. Chance explains {Figures.Points(SamplingError.SureOfChange * error)} on {history.ExamplesInWords}."),
            Numbers = Numbers(history, line.Rise, error, line.From),
            Proposal = Proposal,
            ProposedChange = LongerBy,
            Alternatives = [Faster],
        };
    }

    // What chance hides on few validation examples, the many training examples show: as long as there is no gap, what is
    // learned of them helps with the others.
    static Diagnosis? ByTraining(CurveHistory history, Line validation, double error)
    {
        IReadOnlyList<CurvePoint> tail = history.Tail(history.TrainingAccuracy);
        IReadOnlyList<CurvePoint> gap = history.Gap();
        if (tail.Count < 3 || gap.Count < 2 || Doctor.NearlyLearned(history))
        {
            return null;
        }
        double last = gap.TakeLast(2).Average(p => p.Value);
        Line line = Line.Through(tail);
        if (last >= Underfit.Gap + error || line.Rise < Math.Max(Underfit.Growth, NoiseRatio * Line.Noise(tail)))
        {
            return null;
        }
        return new Diagnosis
        {
            Name = "still-rising",
            Evidence = $"Training accuracy gained {Figures.Points(line.Rise)} from epoch {Figures.Epochs(line.From)} to the end and is {Figures.Points(Math.Abs(last))} {(last < 0 ? "below" : "above")} validation accuracy, " +
                $"which was best at the end ({Figures.Percent(history.ValidationAccuracy.Max(p => p.Value))}); " +
                $"its own gain of {Figures.Points(validation.Rise)} is within what chance explains on {history.ExamplesInWords}.",
            Numbers = Numbers(history, line.Rise, error, line.From),
            Proposal = Proposal,
            ProposedChange = LongerBy,
            Alternatives = [Faster],
        };
    }

    static Dictionary<string, double> Numbers(CurveHistory history, double gain, double error, double from) => new()
    {
        ["gain"] = gain,
        ["error"] = error,
        ["from-epochs"] = from,
        ["epochs"] = history.Epochs,
        ["validation-accuracy"] = history.ValidationAccuracy.Max(p => p.Value),
    };
}
