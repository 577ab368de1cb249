using Anneal.Events;

namespace Anneal.Stopping;

/// <summary>Stops a run whose loss or gradients are not finite too often. One such step is skipped and forgotten; many mean that it has diverged.</summary>
public sealed record NonFiniteSteps : IStopRule
{
    /// <summary>Skipped steps in a row that end the run; at least 1.</summary>
    public int InARow
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentException($"InARow must be at least 1. Received: {value}.");
    } = 5;

    /// <summary>Skipped steps since the run began that end it; at least 1.</summary>
    public long InTotal
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentException($"InTotal must be at least 1. Received: {value}.");
    } = 50;

    /// <inheritdoc/>
    public StopReason? Decide(IReadOnlyList<TrainingEvent> history)
    {
        if (history.Count == 0 || history[^1] is not StepSkipped skipped)
        {
            return null;
        }
        string? often = skipped.InARow >= InARow ? $"{skipped.InARow} steps in a row"
            : skipped.InTotal >= InTotal ? $"{skipped.InTotal} steps in total"
            : null;
        return often is null ? null : StopReason.Diverged(
            $"The {skipped.Cause} was not finite in {often}, last at step {skipped.Step}. Try a third of the learning rate, a longer warmup, gradient clipping, or float32 precision.");
    }
}
