namespace Anneal.Schedules;

/// <summary>Ramp up, hold, decay exponentially, hold at the floor.</summary>
/// <remarks>
/// Park et al., "SpecAugment: a simple data augmentation method for automatic speech recognition", Interspeech 2019,
/// section 3.2: up to <c>peak</c> at <c>ramp</c>, held to <c>hold-until</c>, <c>floor·peak</c> from <c>decay-until</c> on.
/// </remarks>
public sealed record SpecAugmentPhases : Schedule
{
    const double RampPower = 4;

    readonly Schedule ramp;
    readonly double logFloor;

    /// <summary>Four phases.</summary>
    /// <param name="peak">The highest value; above 0.</param>
    /// <param name="ramp">The step at which the peak is reached; at least 0.</param>
    /// <param name="holdUntil">The step at which the decay begins; at least <paramref name="ramp"/>.</param>
    /// <param name="decayUntil">The step at which it ends; at least <paramref name="holdUntil"/>.</param>
    /// <param name="shape">The way to the peak.</param>
    /// <param name="floor">The last value as a share of the peak; above 0, at most 1.</param>
    public SpecAugmentPhases(double peak, long ramp, long holdUntil, long decayUntil, RampShape shape = RampShape.Linear, double floor = 0.01)
    {
        Peak = Require.Positive(peak, "peak");
        Ramp = Require.AtLeast(0, ramp, "ramp");
        HoldUntil = holdUntil >= ramp ? holdUntil : throw NotBefore("hold-until", holdUntil, "ramp", ramp);
        DecayUntil = decayUntil >= holdUntil ? decayUntil : throw NotBefore("decay-until", decayUntil, "hold-until", holdUntil);
        Shape = shape;
        Floor = Require.Factor(floor, "floor");
        this.ramp = shape switch
        {
            RampShape.Linear => new LinearRamp(0, peak, ramp),
            RampShape.Exponential => new Exponential(floor * peak, peak, ramp),
            _ => new BurnIn(peak, ramp, RampPower),
        };
        logFloor = Math.Log(floor);
    }

    /// <summary>The highest value.</summary>
    public double Peak { get; }

    /// <summary>The step at which the peak is reached.</summary>
    public long Ramp { get; }

    /// <summary>The step at which the decay begins.</summary>
    public long HoldUntil { get; }

    /// <summary>The step at which it ends.</summary>
    public long DecayUntil { get; }

    /// <summary>The way to the peak.</summary>
    public RampShape Shape { get; }

    /// <summary>The last value as a share of the peak.</summary>
    public double Floor { get; }

    /// <inheritdoc/>
    public override long? Length => DecayUntil;

    /// <summary>Its text form: <c>spec-augment(peak=0.001, ramp=500st, hold-until=20000st, decay-until=80000st)</c> or <c>spec-augment(peak=0.001, preset=B)</c>.</summary>
    public static ScheduleForm Form { get; } = new(
        "spec-augment",
        [
            ScheduleParameter.Number("peak"),
            ScheduleParameter.OptionalDuration("ramp"),
            ScheduleParameter.OptionalDuration("hold-until"),
            ScheduleParameter.OptionalDuration("decay-until"),
            ScheduleParameter.Choice("shape", ["linear", "exponential", "power"]),
            ScheduleParameter.Number("floor", 0.01),
            ScheduleParameter.OptionalChoice("preset", ["B", "D", "L"]),
        ],
        Build);

    /// <inheritdoc/>
    public override double At(long step)
    {
        if (step < Ramp)
        {
            return ramp.At(step);
        }

        if (step < HoldUntil)
        {
            return Peak;
        }

        return step < DecayUntil
            ? Peak * Math.Exp(logFloor * ((step - HoldUntil) / (double)(DecayUntil - HoldUntil)))
            : Peak * Floor;
    }

    static SpecAugmentPhases Build(ScheduleArguments given)
    {
        // B(asic), D(ouble) and L(ong) of the paper; a value that is given comes before the preset's.
        (long Ramp, long HoldUntil, long DecayUntil)? preset = given.Has("preset")
            ? given.Choice("preset") switch { "B" => (500, 20_000, 80_000), "D" => (1_000, 40_000, 160_000), _ => (1_000, 140_000, 320_000) }
            : null;
        return new SpecAugmentPhases(
            given.Number("peak"),
            StepOf("ramp", preset?.Ramp),
            StepOf("hold-until", preset?.HoldUntil),
            StepOf("decay-until", preset?.DecayUntil),
            given.Choice("shape") switch { "linear" => RampShape.Linear, "exponential" => RampShape.Exponential, _ => RampShape.Power },
            given.Number("floor"));

        long StepOf(string name, long? ofPreset) => given.Has(name)
            ? given.StepAt(name)
            : ofPreset ?? throw new ScheduleValueException(name, $"{name} must be given where there is no preset. Presets: B, D, L.");
    }

    static ScheduleValueException NotBefore(string later, long laterStep, string earlier, long earlierStep) =>
        new(later, $"{later} must not come before {earlier}. Received: {later}={laterStep}, {earlier}={earlierStep}.");
}
