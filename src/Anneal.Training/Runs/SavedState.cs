using Anneal.Events;
using Anneal.Training.Checkpoints;

namespace Anneal.Training.Runs;

/// <summary>A checkpoint with the part of the log that leads to it.</summary>
public sealed record SavedState : IDisposable
{
    /// <summary>The checkpoint's file name.</summary>
    public required string File { get; init; }

    /// <summary>The state.</summary>
    public required Checkpoint Checkpoint { get; init; }

    /// <summary>The events before it.</summary>
    public required IReadOnlyList<TrainingEvent> Past { get; init; }

    /// <summary>Bytes of the log that hold them.</summary>
    public required long LogLength { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Checkpoint.Dispose();
}
