using Anneal.Stopping;

namespace Anneal.Search;

/// <summary>Gives every trial a little training, the best share of them the reduction factor times as much, and so on.</summary>
/// <remarks>
/// Li et al., "A System for Massively Parallel Hyperparameter Tuning", MLSys 2020, algorithm 2 (ASHA): a trial is judged
/// at each rung against those that came there before it, without waiting for others. The first few go on if they are the
/// best so far, as in Optuna's <c>SuccessiveHalvingPruner</c>. Measure at every rung: a value counts for the rungs
/// passed since the value before it.
/// </remarks>
public sealed record SuccessiveHalving : IPruner
{
    /// <summary>Which way the metric is better.</summary>
    public required Direction Direction { get; init; }

    /// <summary>Passes over the data up to the lowest rung; positive.</summary>
    public required double FirstRungEpochs
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentException($"FirstRungEpochs must be positive. Received: {value}.");
    }

    /// <summary>How many times as long the next rung is, and of how many trials one goes on to it; at least 2.</summary>
    public int ReductionFactor
    {
        get;
        init => field = value >= 2 ? value : throw new ArgumentException($"ReductionFactor must be at least 2. Received: {value}.");
    } = 4;

    /// <inheritdoc/>
    public PruneReason? Decide(TrialSnapshot trial, IReadOnlyList<TrialSnapshot> others)
    {
        if (trial.Intermediate.Count == 0)
        {
            return null;
        }
        IntermediateValue last = trial.Intermediate[^1];
        int from = trial.Intermediate.Count > 1 ? RungsAt(trial.Intermediate[^2].Epochs) : 0;
        int to = RungsAt(last.Epochs);
        for (int rung = from; rung < to; rung++)
        {
            if (double.IsNaN(last.Value))
            {
                return new PruneReason($"At epoch {last.Epochs:G4} the value of trial {trial.Number} is not a number.");
            }
            // Values that are no numbers were ended at this rung; they make the trials of it no fewer.
            double[] here = [.. others.Where(o => o.Number != trial.Number).Select(o => ValueAt(o, rung)).OfType<double>().Where(v => !double.IsNaN(v)).Append(last.Value)];
            int goOn = Math.Max(1, here.Length / ReductionFactor);
            int better = here.Count(v => Direction.IsBetter(v, last.Value));
            if (better >= goOn)
            {
                return new PruneReason(
                    $"At epoch {last.Epochs:G4} trial {trial.Number} has {last.Value:G4}, {better} of {here.Length} trials had better there, and {goOn} may go on.");
            }
        }
        return null;
    }

    // Rungs reached: rung r lies at FirstRungEpochs × ReductionFactor^r.
    int RungsAt(double epochs)
    {
        int rungs = 0;
        for (double at = FirstRungEpochs; at <= epochs * (1 + 1e-9) && double.IsFinite(at); at *= ReductionFactor)
        {
            rungs++;
        }
        return rungs;
    }

    // A trial's value at a rung is the first one measured there or after it. A trial that was ended was not let past the
    // rung that its last value came to, so that value counts for no higher one.
    double? ValueAt(TrialSnapshot trial, int rung)
    {
        int before = 0;
        for (int i = 0; i < trial.Intermediate.Count; i++)
        {
            int reached = RungsAt(trial.Intermediate[i].Epochs);
            if (reached > rung)
            {
                bool ended = trial.State == TrialState.Pruned && i == trial.Intermediate.Count - 1;
                return ended && rung > before ? null : trial.Intermediate[i].Value;
            }
            before = reached;
        }
        return null;
    }
}
