namespace Anneal.Schedules;

/// <summary>A factor whenever a metric has stopped getting better: the one schedule that depends on what happened.</summary>
/// <remarks>
/// Its state is a value: <see cref="Next"/> takes one and gives the one after a measurement, and
/// <see cref="Schedule.Observe"/> gives the schedule that has it. A measurement is better where it beats the best one by
/// the threshold; after <c>patience</c> measurements in a row that are not, the next such one lowers the value.
/// As PyTorch's ReduceLROnPlateau, without its smallest step.
/// </remarks>
public sealed record Plateau : Schedule
{
    /// <summary>A value to lower on plateaus.</summary>
    /// <param name="value">The first value; above 0.</param>
    /// <param name="factor">What lowers it; above 0, below 1.</param>
    /// <param name="patience">Measurements without improvement that are borne; at least 0.</param>
    /// <param name="cooldown">Measurements after lowering it in which nothing is counted; at least 0.</param>
    /// <param name="threshold">By how much a measurement must be better to count; at least 0.</param>
    /// <param name="isAbsolute">Whether the threshold is a difference rather than a share of the best measurement.</param>
    /// <param name="floor">The value goes no lower; at least 0, at most <paramref name="value"/>.</param>
    /// <param name="metric">What is measured.</param>
    public Plateau(
        double value,
        double factor = 0.1,
        int patience = 10,
        int cooldown = 0,
        double threshold = 1e-4,
        bool isAbsolute = false,
        double floor = 0,
        PlateauMetric metric = PlateauMetric.ValidationLoss)
    {
        Value = Require.Positive(value, "value");
        Factor = factor is > 0 and < 1 ? factor : throw Require.Refuse("factor", "must be above 0 and below 1", factor);
        Patience = (int)Require.AtLeast(0, patience, "patience");
        Cooldown = (int)Require.AtLeast(0, cooldown, "cooldown");
        Threshold = Require.NotNegative(threshold, "threshold");
        IsAbsolute = isAbsolute;
        Floor = floor >= 0 && floor <= value ? floor : throw Require.Refuse("floor", "must be at least 0 and at most the value", floor);
        Metric = metric;
        State = new PlateauState { Value = value };
    }

    /// <summary>The first value.</summary>
    public double Value { get; }

    /// <summary>What lowers it.</summary>
    public double Factor { get; }

    /// <summary>Measurements without improvement that are borne.</summary>
    public int Patience { get; }

    /// <summary>Measurements after lowering it in which nothing is counted.</summary>
    public int Cooldown { get; }

    /// <summary>By how much a measurement must be better to count.</summary>
    public double Threshold { get; }

    /// <summary>Whether the threshold is a difference rather than a share of the best measurement.</summary>
    public bool IsAbsolute { get; }

    /// <summary>The value goes no lower.</summary>
    public double Floor { get; }

    /// <summary>What is measured.</summary>
    public PlateauMetric Metric { get; }

    /// <summary>What it remembers.</summary>
    public PlateauState State { get; private init; }

    /// <inheritdoc/>
    public override Plateau Reactive => this;

    /// <summary>Its text form: <c>plateau(0.1, factor=0.1, patience=10)</c>; it must be the last piece.</summary>
    public static ScheduleForm Form { get; } = new(
        "plateau",
        [
            ScheduleParameter.Number("value") with { IsLeading = true },
            ScheduleParameter.Number("factor", 0.1),
            ScheduleParameter.Number("patience", 10),
            ScheduleParameter.Number("cooldown", 0),
            ScheduleParameter.Number("threshold", 1e-4),
            ScheduleParameter.Choice("threshold-kind", ["relative", "absolute"]),
            ScheduleParameter.Number("floor", 0),
            ScheduleParameter.Choice("metric", ["validation-loss", "validation-accuracy", "training-loss"]),
        ],
        given => new Plateau(
            given.Number("value"),
            given.Number("factor"),
            given.WholeNumber("patience"),
            given.WholeNumber("cooldown"),
            given.Number("threshold"),
            given.Choice("threshold-kind") == "absolute",
            given.Number("floor"),
            given.Choice("metric") switch
            {
                "validation-loss" => PlateauMetric.ValidationLoss,
                "validation-accuracy" => PlateauMetric.ValidationAccuracy,
                _ => PlateauMetric.TrainingLoss,
            }));

    /// <inheritdoc/>
    public override double At(long step) => State.Value;

    /// <inheritdoc/>
    public override Schedule With(PlateauState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return this with { State = state };
    }

    /// <summary>The state after one more measurement.</summary>
    /// <param name="state">The state before it.</param>
    /// <param name="measured">The metric; one that is not a number is no improvement.</param>
    public PlateauState Next(PlateauState state, double measured)
    {
        ArgumentNullException.ThrowIfNull(state);
        bool isBetter = state.Best is double best ? IsBetter(measured, best) : !double.IsNaN(measured);
        bool isCooling = state.CooldownLeft > 0;
        int without = isBetter || isCooling ? 0 : state.WithoutImprovement + 1;
        PlateauState next = state with
        {
            Best = isBetter ? measured : state.Best,
            WithoutImprovement = without,
            CooldownLeft = isCooling ? state.CooldownLeft - 1 : 0,
        };
        return without <= Patience
            ? next
            : next with { Value = Math.Max(Floor, state.Value * Factor), WithoutImprovement = 0, CooldownLeft = Cooldown };
    }

    bool IsBetter(double measured, double best)
    {
        // A loss must fall below best·(1 − threshold), an accuracy rise above best·(1 + threshold).
        // From an infinite one every measurement is an improvement: no share of it is a margin.
        double margin = double.IsInfinity(best) ? 0 : IsAbsolute ? Threshold : Threshold * best;
        return Metric == PlateauMetric.ValidationAccuracy ? measured > best + margin : measured < best - margin;
    }
}
