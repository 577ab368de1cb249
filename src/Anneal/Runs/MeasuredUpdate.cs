namespace Anneal.Runs;

/// <summary>How long an update of a run takes in one way of computing it.</summary>
public sealed record MeasuredUpdate
{
    /// <summary><c>float32</c> or <c>bfloat16</c>.</summary>
    public required string Precision { get; init; }

    /// <summary><c>contiguous</c> or <c>channels-last</c>.</summary>
    public required string Layout { get; init; }

    /// <summary>Threads inside one operator.</summary>
    public required int Threads { get; init; }

    /// <summary>The median, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Updates that it is the median of.</summary>
    public required int Updates { get; init; }
}
