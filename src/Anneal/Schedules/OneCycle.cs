namespace Anneal.Schedules;

/// <summary>Up to a large rate, then down to almost nothing, once over the whole run.</summary>
/// <remarks>
/// Two phases: <c>max/start-divisor → max → max/end-divisor</c>, with the peak at step <c>up·steps − 1</c> and the end
/// at the last step, <c>steps − 1</c>. Three phases: up, down again as long as up to <c>max/start-divisor</c> (at
/// <c>2·up·steps − 2</c>), then to <c>max/end-divisor</c>. The last value is held.
/// Smith and Topin, "Super-convergence: very fast training of neural networks using large learning rates", 2018;
/// phases as in PyTorch's OneCycleLR.
/// </remarks>
public sealed record OneCycle : Schedule
{
    readonly OneCyclePhases phases;

    /// <summary>One cycle.</summary>
    /// <param name="max">The peak; above 0.</param>
    /// <param name="steps">The whole cycle; at least 1.</param>
    /// <param name="up">The share of the steps that rises; above 0, below 1, in three phases at most 0.5.</param>
    /// <param name="startDivisor">The first value is <paramref name="max"/> divided by this; at least 1.</param>
    /// <param name="endDivisor">The last value is <paramref name="max"/> divided by this; at least 1.</param>
    /// <param name="shape">The way between the values.</param>
    /// <param name="phases">2 or 3.</param>
    public OneCycle(double max, long steps, double up = 0.3, double startDivisor = 25, double endDivisor = 250_000, OneCycleShape shape = OneCycleShape.Cosine, int phases = 2)
    {
        Max = Require.Positive(max, "max");
        StartDivisor = Require.AtLeastOne(startDivisor, "start-divisor");
        EndDivisor = Require.AtLeastOne(endDivisor, "end-divisor");
        double start = max / startDivisor, end = max / endDivisor;
        this.phases = new OneCyclePhases(start, max, phases == 3 ? start : end, end, steps, up, shape, phases);
    }

    /// <summary>The peak.</summary>
    public double Max { get; }

    /// <summary>The peak over the first value.</summary>
    public double StartDivisor { get; }

    /// <summary>The peak over the last value.</summary>
    public double EndDivisor { get; }

    /// <summary>The whole cycle.</summary>
    public long Steps => phases.Steps;

    /// <summary>The share of the steps that rises.</summary>
    public double Up => phases.Up;

    /// <summary>The way between the values.</summary>
    public OneCycleShape Shape => phases.Shape;

    /// <summary>2 or 3.</summary>
    public int Phases => phases.Phases;

    /// <inheritdoc/>
    public override long? Length => Steps;

    /// <summary>Its text form: <c>one-cycle(max=0.4)</c>.</summary>
    public static ScheduleForm Form { get; } = new(
        "one-cycle",
        [
            ScheduleParameter.Number("max"),
            ScheduleParameter.Number("up", 0.3),
            ScheduleParameter.Number("start-divisor", 25),
            ScheduleParameter.Number("end-divisor", 250_000),
            ScheduleParameter.Choice("shape", ["cosine", "linear"]),
            ScheduleParameter.Number("phases", 2),
        ],
        given => new OneCycle(
            given.Number("max"),
            given.Length,
            given.Number("up"),
            given.Number("start-divisor"),
            given.Number("end-divisor"),
            given.Choice("shape") == "linear" ? OneCycleShape.Linear : OneCycleShape.Cosine,
            given.WholeNumber("phases")));

    /// <inheritdoc/>
    public override double At(long step) => phases.At(step);
}
