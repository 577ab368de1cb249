using Anneal.Statistics;
using Anneal.Stopping;

namespace Anneal.Search;

/// <summary>Ends a trial whose best value so far is worse than the median of the completed trials at the same place.</summary>
/// <remarks>
/// Golovin et al., "Google Vizier", KDD 2017, section 3.2.2, in the form of Optuna's <c>MedianPruner</c>: the values of
/// the others are those measured at that place, not their means up to it.
/// </remarks>
public sealed record MedianRule : IPruner
{
    // Places are sums of fractions of an epoch; two within a millionth are one.
    const double SamePlace = 1e-6;

    /// <summary>Which way the metric is better.</summary>
    public required Direction Direction { get; init; }

    /// <summary>Completed trials before which nothing is ended; at least 1.</summary>
    public int StartupTrials
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentException($"StartupTrials must be at least 1. Received: {value}.");
    } = 5;

    /// <summary>Passes over the data before which nothing is ended; 0 or more.</summary>
    public double WarmupEpochs
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentException($"WarmupEpochs must be 0 or more. Received: {value}.");
    }

    /// <inheritdoc/>
    public PruneReason? Decide(TrialSnapshot trial, IReadOnlyList<TrialSnapshot> others)
    {
        TrialSnapshot[] completed = [.. others.Where(o => o.State == TrialState.Completed && o.Number != trial.Number)];
        if (trial.Intermediate.Count == 0 || completed.Length < StartupTrials || trial.Intermediate[^1].Epochs < WarmupEpochs)
        {
            return null;
        }
        double place = trial.Intermediate[^1].Epochs;
        double best = trial.Intermediate.Select(i => i.Value).Aggregate((a, b) => Direction.IsBetter(b, a) ? b : a);
        if (double.IsNaN(best))
        {
            return new PruneReason($"No value of trial {trial.Number} was a number until epoch {place:G4}.");
        }
        double[] then = [.. completed.SelectMany(o => o.Intermediate).Where(i => Math.Abs(i.Epochs - place) <= SamePlace && !double.IsNaN(i.Value)).Select(i => i.Value)];
        if (then.Length == 0)
        {
            return null;
        }
        double median = Median.Of(then);
        return Direction.IsBetter(median, best)
            ? new PruneReason($"At epoch {place:G4} trial {trial.Number} has come to {best:G4} at best; the median of {then.Length} completed trials was {median:G4} there.")
            : null;
    }
}
