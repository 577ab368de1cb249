using Anneal.Durations;

namespace Anneal.Schedules;

/// <summary>Up in a straight line and down again, each cycle half as high above <c>min</c> as the one before it.</summary>
/// <remarks>Smith, "Cyclical learning rates for training neural networks", WACV 2017, section 3, <c>triangular2</c>.</remarks>
public sealed record Triangular2 : Schedule
{
    /// <summary>Cycles whose range halves.</summary>
    /// <param name="min">Value at both ends of a cycle.</param>
    /// <param name="max">Value in the middle of the first cycle.</param>
    /// <param name="half">Steps of half a cycle; at least 1.</param>
    public Triangular2(double min, double max, Period half)
    {
        Min = Require.Finite(min, "min");
        Max = Require.Finite(max, "max");
        Half = Require.Period(half, "half");
    }

    /// <summary>Value at both ends of a cycle.</summary>
    public double Min { get; }

    /// <summary>Value in the middle of the first cycle.</summary>
    public double Max { get; }

    /// <summary>Steps of half a cycle.</summary>
    public Period Half { get; }

    /// <summary>Its text form: <c>triangular2(min=0.03, max=0.1, half=2000st)</c>.</summary>
    public static ScheduleForm Form { get; } = new(
        "triangular2",
        [ScheduleParameter.Number("min"), ScheduleParameter.Number("max"), ScheduleParameter.Duration("half", "2000st")],
        given => new Triangular2(given.Number("min"), given.Number("max"), given.Period("half")));

    /// <inheritdoc/>
    public override double At(long step)
    {
        (long cycle, double height) = CyclePosition.At(step, Half);
        // Nothing is left of the range long before the cycles no longer fit an int.
        double scaled = Math.ScaleB(height, -(int)Math.Min(cycle, int.MaxValue));
        return Interpolation.Linear(Min, Max, scaled, 1 - scaled, 1);
    }
}
