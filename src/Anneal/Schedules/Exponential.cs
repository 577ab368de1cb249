namespace Anneal.Schedules;

/// <summary>The same factor at every step, from one value to another: <c>from · (to/from)^(step/steps)</c>, then <c>to</c>.</summary>
/// <remarks>With <c>from</c> below <c>to</c> it is the sweep of the learning-rate range test.</remarks>
public sealed record Exponential : Schedule
{
    readonly double logRatio;

    /// <summary>A straight line on a logarithmic scale.</summary>
    /// <param name="from">Value at step 0; above 0.</param>
    /// <param name="to">Value at step <paramref name="steps"/> and after it; above 0.</param>
    /// <param name="steps">At least 0.</param>
    public Exponential(double from, double to, long steps)
    {
        From = Require.Positive(from, "from");
        To = Require.Positive(to, "to");
        Steps = Require.AtLeast(0, steps, "steps");
        // Not log(to/from): the quotient of two extreme values overflows.
        logRatio = Math.Log(to) - Math.Log(from);
    }

    /// <summary>Value at step 0.</summary>
    public double From { get; }

    /// <summary>Value at <see cref="Steps"/> and after it.</summary>
    public double To { get; }

    /// <summary>Steps from the one to the other.</summary>
    public long Steps { get; }

    /// <inheritdoc/>
    public override long? Length => Steps;

    /// <summary>Its text form: <c>exponential(from=0.1, to=0.001)</c>.</summary>
    public static ScheduleForm Form { get; } = new(
        "exponential",
        [ScheduleParameter.Number("from"), ScheduleParameter.Number("to")],
        given => new Exponential(given.Number("from"), given.Number("to"), given.Length));

    /// <inheritdoc/>
    public override double At(long step)
    {
        if (step >= Steps)
        {
            return To;
        }

        // From the nearer end: the ratio of two extreme values may be too large for a double.
        return step <= Steps / 2
            ? From * Math.Exp(logRatio * (step / (double)Steps))
            : To * Math.Exp(-logRatio * ((Steps - step) / (double)Steps));
    }
}
