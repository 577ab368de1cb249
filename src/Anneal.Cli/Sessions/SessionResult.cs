using Anneal.Events;
using Anneal.Metrics;

namespace Anneal.Cli.Sessions;

/// <summary>How a run ended, and what its model is worth.</summary>
/// <param name="Ended">The run's last event.</param>
/// <param name="IsSaved">Whether a checkpoint has its last step.</param>
/// <param name="Best">The checkpoint whose weights the model has; null where it has those of the last step.</param>
/// <param name="Evaluation">The test result; null where it was not asked for, or the run did not come so far.</param>
sealed record SessionResult(RunEnded Ended, bool IsSaved, CheckpointSaved? Best, Evaluation? Evaluation)
{
    /// <summary>Why the test result could not be measured; null where it was, or was not asked for.</summary>
    internal string? Unmeasured { get; init; }
}
