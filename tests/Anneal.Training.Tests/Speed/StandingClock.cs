namespace Anneal.Training.Tests.Speed;

/// <summary>A clock that goes where it is told to, and otherwise by a script: so much between one look at it and the next.</summary>
sealed class StandingClock : TimeProvider
{
    long ticks;

    public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Seconds between a look at the stopwatch and the next.</summary>
    public Func<double> Between { get; set; } = () => 0;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => ticks += (long)(Between() * TimestampFrequency);
}
