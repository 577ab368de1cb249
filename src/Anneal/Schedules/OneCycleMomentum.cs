namespace Anneal.Schedules;

/// <summary>The momentum that goes with <see cref="OneCycle"/>: low while the rate is high.</summary>
/// <remarks>
/// <c>max → min → max</c> over the same phases as the rate; in three phases the last stays at <c>max</c>.
/// Smith, "A disciplined approach to neural network hyper-parameters", 2018, section 4.3.
/// </remarks>
public sealed record OneCycleMomentum : Schedule
{
    readonly OneCyclePhases phases;

    /// <summary>One cycle of momentum.</summary>
    /// <param name="steps">The whole cycle; at least 1.</param>
    /// <param name="max">Momentum at both ends; above 0, below 1.</param>
    /// <param name="min">Momentum where the rate is at its peak; at least 0, at most <paramref name="max"/>.</param>
    /// <param name="up">The share of the steps in which the rate rises; above 0, below 1, in three phases at most 0.5.</param>
    /// <param name="shape">The way between the values.</param>
    /// <param name="phases">2 or 3.</param>
    public OneCycleMomentum(long steps, double max = 0.95, double min = 0.85, double up = 0.3, OneCycleShape shape = OneCycleShape.Cosine, int phases = 2)
    {
        Max = max is > 0 and < 1 ? max : throw Require.Refuse("max", "must be above 0 and below 1", max);
        Min = min >= 0 && min <= max ? min : throw Require.Refuse("min", "must be at least 0 and at most max", min);
        this.phases = new OneCyclePhases(max, min, max, max, steps, up, shape, phases);
    }

    /// <summary>Momentum at both ends.</summary>
    public double Max { get; }

    /// <summary>Momentum where the rate is at its peak.</summary>
    public double Min { get; }

    /// <summary>The whole cycle.</summary>
    public long Steps => phases.Steps;

    /// <summary>The share of the steps in which the rate rises.</summary>
    public double Up => phases.Up;

    /// <summary>The way between the values.</summary>
    public OneCycleShape Shape => phases.Shape;

    /// <summary>2 or 3.</summary>
    public int Phases => phases.Phases;

    /// <inheritdoc/>
    public override long? Length => Steps;

    /// <summary>Its text form: <c>one-cycle-momentum(max=0.95, min=0.85)</c>.</summary>
    public static ScheduleForm Form { get; } = new(
        "one-cycle-momentum",
        [
            ScheduleParameter.Number("max", 0.95),
            ScheduleParameter.Number("min", 0.85),
            ScheduleParameter.Number("up", 0.3),
            ScheduleParameter.Choice("shape", ["cosine", "linear"]),
            ScheduleParameter.Number("phases", 2),
        ],
        given => new OneCycleMomentum(
            given.Length,
            given.Number("max"),
            given.Number("min"),
            given.Number("up"),
            given.Choice("shape") == "linear" ? OneCycleShape.Linear : OneCycleShape.Cosine,
            given.WholeNumber("phases")));

    /// <inheritdoc/>
    public override double At(long step) => phases.At(step);
}
