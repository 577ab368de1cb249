namespace Anneal.Schedules;

/// <summary>A power of the share that is left: <c>(from − to)·(1 − step/steps)^power + to</c>, then <c>to</c>.</summary>
/// <remarks>Power 0.9 in Chen et al., "DeepLab", IEEE TPAMI 2018 ("poly"); power 1 is a straight line.</remarks>
public sealed record Polynomial : Schedule
{
    readonly Exponent power;

    /// <summary>A polynomial.</summary>
    /// <param name="from">Value at step 0.</param>
    /// <param name="to">Value at step <paramref name="steps"/> and after it.</param>
    /// <param name="steps">At least 0.</param>
    /// <param name="power">Above 0; above 1 it falls fast first, below 1 last.</param>
    public Polynomial(double from, double to, long steps, double power)
    {
        From = Require.Finite(from, "from");
        To = Require.Finite(to, "to");
        Steps = Require.AtLeast(0, steps, "steps");
        this.power = new Exponent(Require.Positive(power, "power"), steps);
    }

    /// <summary>Value at step 0.</summary>
    public double From { get; }

    /// <summary>Value at <see cref="Steps"/> and after it.</summary>
    public double To { get; }

    /// <summary>Steps from the one to the other.</summary>
    public long Steps { get; }

    /// <summary>Exponent of the share that is left.</summary>
    public double Power => power.Value;

    /// <inheritdoc/>
    public override long? Length => Steps;

    /// <summary>Its text form: <c>polynomial(from=0.1, to=0, power=0.9)</c>.</summary>
    public static ScheduleForm Form { get; } = new(
        "polynomial",
        [ScheduleParameter.Number("from"), ScheduleParameter.Number("to"), ScheduleParameter.Number("power")],
        given => new Polynomial(given.Number("from"), given.Number("to"), given.Length, given.Number("power")));

    /// <inheritdoc/>
    public override double At(long step)
    {
        if (step >= Steps)
        {
            return To;
        }

        (double left, double done) = power.Split(Steps - step);
        return Interpolation.Linear(From, To, done, left, 1);
    }
}
