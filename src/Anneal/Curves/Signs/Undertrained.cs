namespace Anneal.Curves.Signs;

// The rate came down before the network had learned what it could. That its curves rise to the end says nothing here: they
// always do where the rate comes down. What says it is that the training examples are as far from learned as the others,
// and that the middle of the run, before the rate came down, still went up fast.
static class Undertrained
{
    // Three points of training accuracy from a quarter to the half of the run. Of 52 runs of four networks on two small data
    // sets that this sign names, one seed each, twice the time gave a point of validation accuracy or more in 49, 2.9 in the
    // middle, and took 0.2 from one; of 20 that it does not name, it gave a point or more in ten, 1.0 in the middle.
    public const double Growth = 0.03;

    // ... and a seventh of the errors: a network that cannot hold more crawls on by less.
    public const double ErrorShare = 0.15;

    public static Diagnosis? Look(CurveHistory history)
    {
        IReadOnlyList<CurvePoint> gap = history.Gap();
        if (gap.Count < 2 || !history.Rate.Anneals || history.IsUnfinished || Doctor.NearlyLearned(history))
        {
            return null;
        }
        double last = gap.TakeLast(2).Average(p => p.Value);
        double measured = history.ValidationAccuracy[^1].Value;
        double error = history.AccuracyError(measured);
        double quarter = At(history.TrainingAccuracy, history.Epochs / 4);
        double half = At(history.TrainingAccuracy, history.Epochs / 2);
        double growth = half - quarter;
        if (last >= Underfit.Gap + error
            || growth < new[] { Growth, ErrorShare * (1 - quarter), SamplingError.Sure * error }.Max())
        {
            return null;
        }
        return new Diagnosis
        {
            Name = "undertrained",
            Evidence = $"Training accuracy is {Figures.Percent(history.TrainingAccuracy[^1].Value)}, {Figures.Points(Math.Abs(last))} {(last < 0 ? "below" : "above")} validation accuracy " +
                $"(chance explains {Figures.Points(error)} on {history.ExamplesInWords}), and from a quarter to the half of the run it gained {Figures.Points(growth)}: the rate came down before the network had learned what it can.",
            Numbers = new Dictionary<string, double>
            {
                ["training-accuracy"] = history.TrainingAccuracy[^1].Value,
                ["validation-accuracy"] = measured,
                ["gap"] = last,
                ["error"] = error,
                ["growth"] = growth,
                ["epochs"] = history.Epochs,
            },
            Proposal = "Train twice as long, the schedule stretched with it; where there is no time for that, at twice the rate.",
            ProposedChange = new RecipeChange("duration", ChangeKind.Multiply, 2),
            Alternatives = [new RecipeChange("learning-rate", ChangeKind.Multiply, 2)],
        };
    }

    // The curve at a place, straight between its points.
    static double At(IReadOnlyList<CurvePoint> curve, double epochs)
    {
        int after = 0;
        while (after < curve.Count - 1 && curve[after].Epochs < epochs)
        {
            after++;
        }
        if (after == 0)
        {
            return curve[0].Value;
        }
        CurvePoint from = curve[after - 1];
        CurvePoint to = curve[after];
        return from.Value + (to.Value - from.Value) * Math.Clamp((epochs - from.Epochs) / (to.Epochs - from.Epochs), 0, 1);
    }
}
