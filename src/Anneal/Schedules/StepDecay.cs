using Anneal.Durations;

namespace Anneal.Schedules;

/// <summary>A factor every so many steps: <c>value · factor^⌊step/every⌋</c>.</summary>
/// <remarks>He et al., "Deep residual learning for image recognition", CVPR 2016, section 3.4, divides by 10.</remarks>
public sealed record StepDecay : Schedule
{
    readonly Powers powers;

    /// <summary>A staircase of equal stairs.</summary>
    /// <param name="value">Value before the first drop; finite.</param>
    /// <param name="every">Steps between drops; at least 1.</param>
    /// <param name="factor">What each drop multiplies by; above 0, at most 1.</param>
    public StepDecay(double value, Period every, double factor = 0.1)
    {
        Value = Require.Finite(value, "value");
        Every = Require.Period(every, "every");
        powers = new Powers(Require.Factor(factor, "factor"));
    }

    /// <summary>Value before the first drop.</summary>
    public double Value { get; }

    /// <summary>Steps between drops.</summary>
    public Period Every { get; }

    /// <summary>What each drop multiplies by.</summary>
    public double Factor => powers.Factor;

    /// <summary>Its text form: <c>step(0.1, every=30ep, factor=0.1)</c>.</summary>
    public static ScheduleForm Form { get; } = new(
        "step",
        [
            ScheduleParameter.Number("value") with { IsLeading = true },
            ScheduleParameter.Duration("every"),
            ScheduleParameter.Number("factor", 0.1),
        ],
        given => new StepDecay(given.Number("value"), given.Period("every"), given.Number("factor")));

    /// <inheritdoc/>
    public override double At(long step) => Value * powers[Every.IndexAt(step)];

    /// <inheritdoc/>
    public override double Approaching(long step) => At(Math.Max(0, step - 1));
}
