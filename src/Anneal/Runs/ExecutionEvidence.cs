namespace Anneal.Runs;

/// <summary>Why a run is computed in its precision, memory layout and number of threads.</summary>
public sealed record ExecutionEvidence
{
    /// <summary><see cref="By"/> where nothing was left open.</summary>
    public const string Given = "given";

    /// <summary><see cref="By"/> where a rule of thumb chose: the run is too short for measuring to pay, or is not on the processor.</summary>
    public const string Rule = "rule";

    /// <summary><see cref="By"/> where updates were timed before the run began.</summary>
    public const string Measuring = "measured";

    /// <summary><see cref="By"/> where an earlier measurement of the same updates on the same machine was taken over.</summary>
    public const string Kept = "kept";

    /// <summary>Who chose: <see cref="Given"/>, <see cref="Rule"/>, <see cref="Measuring"/> or <see cref="Kept"/>.</summary>
    public required string By { get; init; }

    /// <summary>What was timed, the chosen one first; empty where nothing was.</summary>
    public IReadOnlyList<MeasuredUpdate> Measured { get; init; } = [];

    /// <summary>When it was timed, UTC; null where nothing was.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>How busy the machine was before, in processes that wanted to run for each core; null where that is not known.</summary>
    public double? Load { get; init; }
}
