namespace Anneal.Stopping;

/// <summary>Something to do with a run's checkpoints.</summary>
public abstract record CheckpointAction;

/// <summary>Write a checkpoint of the run as it is now.</summary>
/// <param name="Reason">Why: <c>last</c>, <c>best</c> or <c>every</c>; for <c>CheckpointSaved</c>.</param>
public sealed record SaveCheckpoint(string Reason) : CheckpointAction;

/// <summary>A file written at this very step is to be kept for one more reason: record it with another <c>CheckpointSaved</c>, write nothing.</summary>
/// <param name="File">The file's name in the <c>checkpoints</c> folder.</param>
/// <param name="Reason">Why: <c>last</c>, <c>best</c> or <c>every</c>.</param>
public sealed record KeepCheckpoint(string File, string Reason) : CheckpointAction;

/// <summary>Delete a checkpoint that nothing needs any more. It may be gone already: the events do not record deletions.</summary>
/// <param name="File">The file's name in the <c>checkpoints</c> folder.</param>
public sealed record DeleteCheckpoint(string File) : CheckpointAction;
