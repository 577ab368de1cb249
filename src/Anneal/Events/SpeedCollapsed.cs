namespace Anneal.Events;

/// <summary>Updates have become many times slower than they were in this run, for seconds on end: something else needs the processor.</summary>
/// <remarks>
/// A run on several threads goes on with one. The last bits of a result depend on the number of threads, so the change has its step:
/// a run that is resumed makes it at that step again, whatever the speed then is.
/// </remarks>
public sealed record SpeedCollapsed : TrainingEvent
{
    /// <summary>Seconds that an update took before.</summary>
    public required double UsualSeconds { get; init; }

    /// <summary>Seconds that an update takes now.</summary>
    public required double SlowSeconds { get; init; }

    /// <summary>Threads from <see cref="FromStep"/> on; null where nothing changes.</summary>
    public int? Threads { get; init; }

    /// <summary>Updates made when the number of threads changes: where the next pass over the data begins; null where nothing changes.</summary>
    public long? FromStep { get; init; }
}
