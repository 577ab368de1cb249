namespace Anneal.Events;

/// <summary>A checkpoint is safely on disk (written, flushed, renamed, folder flushed), or could not be written.</summary>
public sealed record CheckpointSaved : TrainingEvent
{
    /// <summary>The file's name in the run's <c>checkpoints</c> folder.</summary>
    public required string File { get; init; }

    /// <summary>Why it was kept: <c>last</c>, <c>best</c> or <c>every</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>What went wrong, when it could not be written; the checkpoints before it are untouched.</summary>
    public string? Error { get; init; }
}
