namespace Anneal.Schedules;

/// <summary>Another schedule for so many steps, then the value it has come to.</summary>
public sealed record Held : Schedule
{
    readonly double last;

    /// <summary>A schedule with an end.</summary>
    /// <param name="schedule">What is followed.</param>
    /// <param name="steps">For how long; at least 0.</param>
    public Held(Schedule schedule, long steps)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        Schedule = schedule;
        Steps = Require.AtLeast(0, steps, "steps");
        last = schedule.Approaching(steps);
    }

    /// <summary>What is followed.</summary>
    public Schedule Schedule { get; }

    /// <summary>For how long.</summary>
    public long Steps { get; }

    /// <inheritdoc/>
    public override long? Length => Steps;

    /// <inheritdoc/>
    public override double At(long step) => step < Steps ? Schedule.At(step) : last;
}
