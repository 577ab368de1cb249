namespace Anneal.Events;

/// <summary>The last event of a run.</summary>
public sealed record RunEnded : TrainingEvent
{
    /// <summary><c>completed</c>, <c>stopped</c> (by a stop rule), <c>diverged</c> or <c>interrupted</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>One sentence for a person: why it ended.</summary>
    public required string Reason { get; init; }
}
