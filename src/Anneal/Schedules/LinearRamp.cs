namespace Anneal.Schedules;

/// <summary>A straight line from one value to another: <c>from + (to − from)·step/steps</c>, then <c>to</c>.</summary>
public sealed record LinearRamp : Schedule
{
    /// <summary>A straight line.</summary>
    /// <param name="from">Value at step 0.</param>
    /// <param name="to">Value at step <paramref name="steps"/> and after it.</param>
    /// <param name="steps">At least 0.</param>
    public LinearRamp(double from, double to, long steps)
    {
        From = Require.Finite(from, "from");
        To = Require.Finite(to, "to");
        Steps = Require.AtLeast(0, steps, "steps");
    }

    /// <summary>Value at step 0.</summary>
    public double From { get; }

    /// <summary>Value at <see cref="Steps"/> and after it.</summary>
    public double To { get; }

    /// <summary>Steps from the one to the other.</summary>
    public long Steps { get; }

    /// <inheritdoc/>
    public override long? Length => Steps;

    /// <summary>Its text form: <c>linear(from=0, to=0.1)</c>.</summary>
    public static ScheduleForm Form { get; } = new(
        "linear",
        [ScheduleParameter.Number("from"), ScheduleParameter.Number("to")],
        given => new LinearRamp(given.Number("from"), given.Number("to"), given.Length));

    /// <inheritdoc/>
    public override double At(long step) =>
        step >= Steps ? To : Interpolation.Linear(From, To, step, Steps - step, Steps);
}
