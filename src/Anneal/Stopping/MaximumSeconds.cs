using Anneal.Events;

namespace Anneal.Stopping;

/// <summary>Stops when a run has trained for so long. Time between a kill and its resume does not count.</summary>
public sealed record MaximumSeconds : IStopRule
{
    /// <summary>Seconds of training; positive.</summary>
    public required double Seconds
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentException($"MaximumSeconds must be above 0 and finite. Received: {value}.");
    }

    /// <inheritdoc/>
    public StopReason? Decide(IReadOnlyList<TrainingEvent> history) =>
        history.Count > 0 && history[^1].Seconds >= Seconds
            ? StopReason.Stopped($"The run has trained for {history[^1].Seconds:F0} s, its limit is {Seconds:F0} s.")
            : null;
}
