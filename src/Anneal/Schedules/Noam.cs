namespace Anneal.Schedules;

/// <summary>The transformer's rate: <c>scale · model^−0.5 · min(step^−0.5, step · warmup^−1.5)</c>; 0 at step 0.</summary>
/// <remarks>Vaswani et al., "Attention is all you need", NeurIPS 2017, equation 3, whose step counts from 1.</remarks>
public sealed record Noam : Schedule
{
    readonly double perStep, decay;

    /// <summary>A warmup and an endless decay whose height follows from the model.</summary>
    /// <param name="model">Width of the model; above 0.</param>
    /// <param name="warmup">Steps of the warmup; at least 1.</param>
    /// <param name="scale">Multiplies everything; above 0.</param>
    public Noam(double model, long warmup, double scale = 1)
    {
        Model = Require.Positive(model, "model");
        Warmup = Require.AtLeast(1, warmup, "warmup");
        Scale = Require.Positive(scale, "scale");
        decay = scale / Math.Sqrt(model);
        perStep = decay / (warmup * Math.Sqrt(warmup));
    }

    /// <summary>Width of the model.</summary>
    public double Model { get; }

    /// <summary>Steps of the warmup.</summary>
    public long Warmup { get; }

    /// <summary>Multiplies everything.</summary>
    public double Scale { get; }

    /// <summary>Its text form: <c>noam(model=512, warmup=4000st)</c>.</summary>
    public static ScheduleForm Form { get; } = new(
        "noam",
        [ScheduleParameter.Number("model"), ScheduleParameter.Duration("warmup"), ScheduleParameter.Number("scale", 1)],
        given => new Noam(given.Number("model"), Require.Within(given.Length, given.StepAt("warmup", least: 1), "warmup"), given.Number("scale")));

    /// <inheritdoc/>
    public override double At(long step) => step < Warmup ? perStep * step : decay / Math.Sqrt(step);
}
