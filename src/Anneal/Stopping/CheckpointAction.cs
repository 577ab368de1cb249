namespace Anneal.Stopping;

/// <summary>Something to do with a run's checkpoints.</summary>
public abstract record CheckpointAction;

/// <summary>Write a checkpoint of the run as it is now. Asked for twice at one step, it is one file that is kept for two reasons.</summary>
/// <param name="Reason">Why: <c>last</c>, <c>best</c> or <c>every</c>; for <c>CheckpointSaved</c>.</param>
public sealed record SaveCheckpoint(string Reason) : CheckpointAction;

/// <summary>Delete a checkpoint that nothing needs any more. It may be gone already: the events do not record deletions.</summary>
/// <param name="File">The file's name in the <c>checkpoints</c> folder.</param>
public sealed record DeleteCheckpoint(string File) : CheckpointAction;
