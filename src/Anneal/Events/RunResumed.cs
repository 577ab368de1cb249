namespace Anneal.Events;

/// <summary>The run went on from a checkpoint after an interruption.</summary>
public sealed record RunResumed : TrainingEvent
{
    /// <summary>The checkpoint's file name.</summary>
    public required string File { get; init; }
}
