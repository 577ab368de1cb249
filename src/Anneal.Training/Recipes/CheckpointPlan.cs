using Anneal.Durations;

namespace Anneal.Training.Recipes;

/// <summary>Which checkpoints a run writes and keeps.</summary>
public sealed record CheckpointPlan
{
    /// <summary>How often the newest state is written; the one before it is then deleted. It is also written at the end.</summary>
    public Duration LastEvery { get; init; } = Duration.Epochs(1);

    /// <summary>Whether the state with the highest validation accuracy is kept.</summary>
    public bool Best { get; init; } = true;

    /// <summary>How often a state is kept for good; null for never.</summary>
    public Duration? Every { get; init; }

    /// <summary>Whether a checkpoint that cannot be written ends the run, or is reported and left out.</summary>
    public bool StopOnFailure { get; init; }
}
