using Anneal.Durations;

namespace Anneal.Schedules;

/// <summary>Up in a straight line and down again, forever.</summary>
/// <remarks>
/// Smith, "Cyclical learning rates for training neural networks", WACV 2017, section 3: <c>half</c> is 2 to 10 times
/// the steps of an epoch, <c>min</c> a third or a quarter of <c>max</c>. Momentum runs opposite: 0.95 at the ends (min) and
/// 0.85 in the middle (max).
/// </remarks>
public sealed record Triangular : Schedule
{
    /// <summary>Cycles of equal height.</summary>
    /// <param name="min">Value at both ends of a cycle; above <paramref name="max"/> the cycles go down first.</param>
    /// <param name="max">Value in the middle of a cycle.</param>
    /// <param name="half">Steps of half a cycle; at least 1.</param>
    public Triangular(double min, double max, Period half)
    {
        Min = Require.Finite(min, "min");
        Max = Require.Finite(max, "max");
        Half = Require.Period(half, "half");
    }

    /// <summary>Value at both ends of a cycle.</summary>
    public double Min { get; }

    /// <summary>Value in the middle of a cycle.</summary>
    public double Max { get; }

    /// <summary>Steps of half a cycle.</summary>
    public Period Half { get; }

    /// <summary>Its text form: <c>triangular(min=0.03, max=0.1, half=2000st)</c>.</summary>
    public static ScheduleForm Form { get; } = new(
        "triangular",
        [ScheduleParameter.Number("min"), ScheduleParameter.Number("max"), ScheduleParameter.Duration("half", "2000st")],
        given => new Triangular(given.Number("min"), given.Number("max"), given.Period("half")));

    /// <inheritdoc/>
    public override double At(long step)
    {
        double height = CyclePosition.At(step, Half).Height;
        return Interpolation.Linear(Min, Max, height, 1 - height, 1);
    }
}
