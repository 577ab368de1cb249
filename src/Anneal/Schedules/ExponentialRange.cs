using Anneal.Durations;

namespace Anneal.Schedules;

/// <summary>Up in a straight line and down again, with a range that shrinks exponentially.</summary>
/// <remarks>
/// <c>min + (max − min)·height·gamma^step</c>, as the paper's code has it; per cycle it is <c>gamma^cycle</c>, the cycle
/// counted from 0. Smith, "Cyclical learning rates for training neural networks", WACV 2017, section 3, <c>exp_range</c>.
/// </remarks>
public sealed record ExponentialRange : Schedule
{
    readonly Powers powers;

    /// <summary>Cycles whose range shrinks.</summary>
    /// <param name="min">Value at both ends of a cycle.</param>
    /// <param name="max">Value in the middle of the first cycle, before it shrinks.</param>
    /// <param name="half">Steps of half a cycle; at least 1.</param>
    /// <param name="gamma">What the range is multiplied by; above 0, at most 1.</param>
    /// <param name="isPerCycle">Whether it is multiplied once a cycle rather than once a step.</param>
    public ExponentialRange(double min, double max, Period half, double gamma, bool isPerCycle = false)
    {
        Min = Require.Finite(min, "min");
        Max = Require.Finite(max, "max");
        Half = Require.Period(half, "half");
        powers = new Powers(Require.Factor(gamma, "gamma"));
        IsPerCycle = isPerCycle;
    }

    /// <summary>Value at both ends of a cycle.</summary>
    public double Min { get; }

    /// <summary>Value in the middle of the first cycle, before it shrinks.</summary>
    public double Max { get; }

    /// <summary>Steps of half a cycle.</summary>
    public Period Half { get; }

    /// <summary>What the range is multiplied by.</summary>
    public double Gamma => powers.Factor;

    /// <summary>Whether it is multiplied once a cycle rather than once a step.</summary>
    public bool IsPerCycle { get; }

    /// <summary>Its text form: <c>exp-range(min=0.03, max=0.1, gamma=0.9999, per=iteration)</c>.</summary>
    public static ScheduleForm Form { get; } = new(
        "exp-range",
        [
            ScheduleParameter.Number("min"),
            ScheduleParameter.Number("max"),
            ScheduleParameter.Duration("half", "2000st"),
            ScheduleParameter.Number("gamma"),
            ScheduleParameter.Choice("per", ["iteration", "cycle"]),
        ],
        given => new ExponentialRange(given.Number("min"), given.Number("max"), given.Period("half"), given.Number("gamma"), given.Choice("per") == "cycle"));

    /// <inheritdoc/>
    public override double At(long step)
    {
        (long cycle, double height) = CyclePosition.At(step, Half);
        double scaled = height * powers[IsPerCycle ? cycle : step];
        return Interpolation.Linear(Min, Max, scaled, 1 - scaled, 1);
    }
}
