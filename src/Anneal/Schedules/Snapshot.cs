namespace Anneal.Schedules;

/// <summary>Equal cosine cycles from the peak to 0 that fill the run; the end of each is worth keeping as a member of an ensemble.</summary>
/// <remarks>
/// <c>peak/2 · (cos(π·(step mod c)/c) + 1)</c> with <c>c = ⌈steps/cycles⌉</c>; the last cycle is shorter where they do not
/// divide. Huang et al., "Snapshot ensembles: train 1, get M for free", ICLR 2017, equation 2.
/// </remarks>
public sealed record Snapshot : Schedule
{
    readonly double last;

    /// <summary>Cosine cycles.</summary>
    /// <param name="peak">Value at the start of each cycle; finite.</param>
    /// <param name="cycles">How many; at least 1, at most <paramref name="steps"/>.</param>
    /// <param name="steps">All steps; at least 1.</param>
    public Snapshot(double peak, int cycles, long steps)
    {
        Peak = Require.Finite(peak, "peak");
        Cycles = (int)Require.AtLeast(1, cycles, "cycles");
        Steps = steps >= cycles ? steps : throw new ScheduleValueException("cycles", $"cycles must be at most the steps. Received: cycles={cycles}, in {steps} steps.");
        CycleLength = (steps - 1) / cycles + 1;
        last = Fall((steps - 1) % CycleLength + 1);
    }

    /// <summary>Value at the start of each cycle.</summary>
    public double Peak { get; }

    /// <summary>How many cycles.</summary>
    public int Cycles { get; }

    /// <summary>All steps.</summary>
    public long Steps { get; }

    /// <summary>Steps of a cycle; the last may be cut off.</summary>
    public long CycleLength { get; }

    /// <inheritdoc/>
    public override long? Length => Steps;

    /// <summary>Its text form: <c>snapshot(peak=0.1, cycles=5)</c>.</summary>
    public static ScheduleForm Form { get; } = new(
        "snapshot",
        [ScheduleParameter.Number("peak"), ScheduleParameter.Number("cycles")],
        given => new Snapshot(given.Number("peak"), given.WholeNumber("cycles"), given.Length));

    /// <inheritdoc/>
    public override double At(long step) => step < Steps ? Fall(step % CycleLength) : last;

    /// <inheritdoc/>
    public override double Approaching(long step) =>
        step > 0 && step < Steps && step % CycleLength == 0 ? 0 : At(step);

    double Fall(long position) =>
        Interpolation.Cosine(Peak, 0, position, CycleLength - position, CycleLength);
}
