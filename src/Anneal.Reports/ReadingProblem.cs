namespace Anneal.Reports;

/// <summary>Something in a run folder that could not be read and is therefore not in the report.</summary>
public sealed record ReadingProblem
{
    /// <summary>The file's path, relative to the run folder.</summary>
    public required string File { get; init; }

    /// <summary>The line, counted from 1; null where the whole file is meant.</summary>
    public int? Line { get; init; }

    /// <summary>What is wrong with it, in one sentence.</summary>
    public required string Message { get; init; }
}
