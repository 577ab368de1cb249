namespace Anneal.Schedules;

/// <summary>The same value at every step.</summary>
public sealed record Constant : Schedule
{
    /// <summary>A schedule that never changes.</summary>
    /// <param name="value">Finite.</param>
    public Constant(double value) => Value = Require.Finite(value, "value");

    /// <summary>The value.</summary>
    public double Value { get; }

    /// <summary>Its text form: <c>constant(0.1)</c>.</summary>
    public static ScheduleForm Form { get; } = new(
        "constant",
        [ScheduleParameter.Number("value") with { IsLeading = true }],
        given => new Constant(given.Number("value")));

    /// <inheritdoc/>
    public override double At(long step) => Value;
}
