using Anneal.Events;

namespace Anneal.Stopping;

/// <summary>Stops when checkpoints cannot be written, for runs that are not worth making without. By default a run goes on and tries again later.</summary>
public sealed record CheckpointFailure : IStopRule
{
    /// <summary>Steps in a row whose checkpoint could not be written that end the run; at least 1.</summary>
    public int InARow
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentException($"InARow must be at least 1. Received: {value}.");
    } = 1;

    /// <inheritdoc/>
    public StopReason? Decide(IReadOnlyList<TrainingEvent> history)
    {
        if (history.Count == 0 || history[^1] is not CheckpointSaved { Error: { } error })
        {
            return null;
        }
        int failures = history.OfType<CheckpointSaved>().Reverse().TakeWhile(saved => saved.Error is not null).DistinctBy(saved => saved.Step).Count();
        return failures < InARow ? null : StopReason.Stopped(
            $"{(failures == 1 ? "A checkpoint" : $"{failures} checkpoints in a row")} could not be written, and the recipe stops on that. {error}");
    }
}
