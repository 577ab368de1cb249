namespace Anneal.Schedules;

/// <summary>A linear warmup, then one over the square root of the step.</summary>
/// <remarks>
/// <c>value · step/warmup</c>, then <c>value/√((step + timescale − warmup)/timescale)</c>, which is <c>value</c> at the end
/// of the warmup. Zhai et al., "Scaling vision transformers", CVPR 2022, section 3.5 ("reciprocal square root").
/// </remarks>
public sealed record InverseSquareRoot : Schedule
{
    /// <summary>A warmup and an endless decay.</summary>
    /// <param name="value">The peak, at the end of the warmup; finite.</param>
    /// <param name="warmup">Steps of the warmup; at least 0.</param>
    /// <param name="timescale">Steps after the warmup until the value has fallen by √2; at least 1.</param>
    public InverseSquareRoot(double value, long warmup, long timescale)
    {
        Value = Require.Finite(value, "value");
        Warmup = Require.AtLeast(0, warmup, "warmup");
        Timescale = Require.AtLeast(1, timescale, "timescale");
    }

    /// <summary>The peak, at the end of the warmup.</summary>
    public double Value { get; }

    /// <summary>Steps of the warmup.</summary>
    public long Warmup { get; }

    /// <summary>Steps after the warmup until the value has fallen by √2.</summary>
    public long Timescale { get; }

    /// <summary>Its text form: <c>inverse-sqrt(0.1, warmup=5ep)</c>; the timescale is the warmup where it is not given.</summary>
    public static ScheduleForm Form { get; } = new(
        "inverse-sqrt",
        [
            ScheduleParameter.Number("value") with { IsLeading = true },
            ScheduleParameter.Duration("warmup"),
            ScheduleParameter.OptionalDuration("timescale"),
        ],
        given =>
        {
            long warmup = Require.Within(given.Length, given.StepAt("warmup"), "warmup");
            return new InverseSquareRoot(given.Number("value"), warmup, given.Has("timescale") ? given.StepAt("timescale", least: 1) : given.StepAt("warmup", least: 1));
        });

    /// <inheritdoc/>
    public override double At(long step) => step < Warmup
        ? Value * (step / (double)Warmup)
        : Value * Math.Sqrt(Timescale / ((double)(step - Warmup) + Timescale));
}
