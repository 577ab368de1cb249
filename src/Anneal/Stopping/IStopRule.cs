using Anneal.Events;

namespace Anneal.Stopping;

/// <summary>Decides from what has happened whether a run should end.</summary>
/// <remarks>A rule keeps no state: the same history gives the same decision, so a resumed run decides as one that was never interrupted.</remarks>
public interface IStopRule
{
    /// <summary>The metric that it watches, one of <see cref="RunMetric.Names"/>; null for none.</summary>
    string? Watched => null;

    /// <summary>Why to stop now; null to go on. Asked after each event.</summary>
    /// <param name="history">All events of the run so far, in order.</param>
    StopReason? Decide(IReadOnlyList<TrainingEvent> history);
}
