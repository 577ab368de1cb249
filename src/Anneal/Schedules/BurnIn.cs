namespace Anneal.Schedules;

/// <summary>A warmup that is almost flat at first: <c>max · (step/steps)^power</c>, then <c>max</c>.</summary>
/// <remarks>Darknet, the program of Redmon and Farhadi, "YOLOv3: an incremental improvement", 2018: power 4 over 1000 steps.</remarks>
public sealed record BurnIn : Schedule
{
    readonly Exponent power;

    /// <summary>A rise from 0.</summary>
    /// <param name="max">Value at step <paramref name="steps"/> and after it; finite.</param>
    /// <param name="steps">At least 0.</param>
    /// <param name="power">Above 0; 1 is a straight line.</param>
    public BurnIn(double max, long steps, double power = 4)
    {
        Max = Require.Finite(max, "max");
        Steps = Require.AtLeast(0, steps, "steps");
        this.power = new Exponent(Require.Positive(power, "power"), steps);
    }

    /// <summary>Value at <see cref="Steps"/> and after it.</summary>
    public double Max { get; }

    /// <summary>Steps of the rise.</summary>
    public long Steps { get; }

    /// <summary>Exponent of the share done.</summary>
    public double Power => power.Value;

    /// <inheritdoc/>
    public override long? Length => Steps;

    /// <summary>Its text form: <c>burn-in(0.001, power=4) for 1000st</c>.</summary>
    public static ScheduleForm Form { get; } = new(
        "burn-in",
        [ScheduleParameter.Number("max") with { IsLeading = true }, ScheduleParameter.Number("power", 4)],
        given => new BurnIn(given.Number("max"), given.Length, given.Number("power")));

    /// <inheritdoc/>
    public override double At(long step) => step >= Steps ? Max : Max * power.Raise(step);
}
