using Anneal.Events;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tuning;

/// <summary>Trains recipes, several at once: in worker processes, or wherever else.</summary>
public interface ITrialRunner
{
    /// <summary>Trials that run at once.</summary>
    int Parallel { get; }

    /// <summary>Trains a recipe in a folder and returns when it has ended.</summary>
    /// <param name="trial">What to train and where.</param>
    /// <param name="happened">Told of each event, in order; false ends the trial early.</param>
    /// <param name="cancellation">Ends the trial with a checkpoint.</param>
    /// <returns>How it ended.</returns>
    Task<TrialOutcome> Train(TrialRequest trial, Func<TrainingEvent, bool> happened, CancellationToken cancellation);
}

/// <summary>A trial to be trained.</summary>
/// <param name="Recipe">What to do.</param>
/// <param name="Folder">The run's folder.</param>
/// <param name="Alone">Whether it may use the whole machine and is measured and reported in full at its end: the final training.</param>
public sealed record TrialRequest(Recipe Recipe, string Folder, bool Alone)
{
    /// <summary>Cancelled where there is no time to train to the recipe's end: the run ends after the step under way, and is measured as it is.</summary>
    public CancellationToken Finish { get; init; }

    /// <summary>Cancelled where there is no time to wait for anything: the trial is ended at once, whatever it does, and its outcome is <c>late</c>.</summary>
    public CancellationToken GiveUp { get; init; }
}

/// <summary>How a trial ended.</summary>
/// <param name="Outcome"><c>completed</c>, <c>stopped-early</c>, <c>diverged</c>, <c>interrupted</c>, <c>late</c> or <c>failed</c>; of a study also <c>near-chance</c>.</param>
/// <param name="Reason">Why, where it is not the recipe's own end.</param>
public sealed record TrialOutcome(string Outcome, string Reason);
