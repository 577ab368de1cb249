namespace Anneal.Schedules;

/// <summary>A schedule whose every value is multiplied by the same factor.</summary>
public sealed record Scaled : Schedule
{
    /// <summary>A multiple of a schedule.</summary>
    /// <param name="schedule">What to multiply.</param>
    /// <param name="factor">By what; above 0.</param>
    public Scaled(Schedule schedule, double factor)
    {
        Schedule = schedule ?? throw new ArgumentNullException(nameof(schedule));
        Factor = Require.Positive(factor, "factor");
    }

    /// <summary>What is multiplied.</summary>
    public Schedule Schedule { get; }

    /// <summary>By what.</summary>
    public double Factor { get; }

    /// <inheritdoc/>
    public override long? Length => Schedule.Length;

    /// <inheritdoc/>
    public override Plateau? Reactive => Schedule.Reactive;

    /// <inheritdoc/>
    public override long ReactiveFrom => Schedule.ReactiveFrom;

    /// <inheritdoc/>
    public override double At(long step) => Factor * Schedule.At(step);

    /// <inheritdoc/>
    public override double Approaching(long step) => Factor * Schedule.Approaching(step);

    /// <inheritdoc/>
    public override Schedule With(PlateauState state) => new Scaled(Schedule.With(state), Factor);

    /// <inheritdoc/>
    public override string ToString() => $"{Factor} × {Schedule}";
}
