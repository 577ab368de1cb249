namespace Anneal.Schedules;

/// <summary>Up from 0 in a straight line, hold, and down to 0 at the end: warmup, stable, decay.</summary>
/// <remarks>
/// Hägele et al., "Scaling laws and compute-optimal training beyond fixed training durations", NeurIPS 2024: down over
/// the last 10 to 20 %, the square root better than the line.
/// </remarks>
public sealed record Trapezoid : Schedule
{
    readonly long downAt;

    /// <summary>A trapezoid.</summary>
    /// <param name="peak">The value that is held; finite.</param>
    /// <param name="up">Steps of the rise; at least 0.</param>
    /// <param name="down">Steps of the fall; at least 0.</param>
    /// <param name="steps">All steps; at least <paramref name="up"/> + <paramref name="down"/>.</param>
    /// <param name="shape">The way down.</param>
    public Trapezoid(double peak, long up, long down, long steps, TrapezoidShape shape = TrapezoidShape.Linear)
    {
        Peak = Require.Finite(peak, "peak");
        Up = Require.AtLeast(0, up, "up");
        Down = Require.AtLeast(0, down, "down");
        downAt = steps - down;
        Steps = up <= downAt ? steps : throw new ScheduleValueException("down", $"up and down must fit into the steps. Received: up={up}, down={down}, in {steps} steps.");
        Shape = shape;
    }

    /// <summary>The value that is held.</summary>
    public double Peak { get; }

    /// <summary>Steps of the rise.</summary>
    public long Up { get; }

    /// <summary>Steps of the fall.</summary>
    public long Down { get; }

    /// <summary>All steps.</summary>
    public long Steps { get; }

    /// <summary>The way down.</summary>
    public TrapezoidShape Shape { get; }

    /// <inheritdoc/>
    public override long? Length => Steps;

    /// <summary>Its text form: <c>trapezoid(peak=0.1, up=500st, down=0.2run)</c>.</summary>
    public static ScheduleForm Form { get; } = new(
        "trapezoid",
        [
            ScheduleParameter.Number("peak"),
            ScheduleParameter.Duration("up"),
            ScheduleParameter.Duration("down"),
            ScheduleParameter.Choice("shape", ["linear", "sqrt"]),
        ],
        Build);

    static Trapezoid Build(ScheduleArguments given)
    {
        // The borders are rounded: both halves of an odd run rounded up would not fit.
        long up = given.StepAt("up"), downAt = given.StepBeforeEnd("down");
        return new Trapezoid(
            given.Number("peak"),
            up,
            given.Length - (given.Fit("up", "down") ? Math.Max(up, downAt) : downAt),
            given.Length,
            given.Choice("shape") == "sqrt" ? TrapezoidShape.SquareRoot : TrapezoidShape.Linear);
    }

    /// <inheritdoc/>
    public override double At(long step)
    {
        if (step < Up)
        {
            return Peak * (step / (double)Up);
        }

        if (step < downAt)
        {
            return Peak;
        }

        if (step >= Steps)
        {
            return Down == 0 ? Peak : 0;
        }

        double left = (Steps - step) / (double)Down;
        if (Shape == TrapezoidShape.Linear)
        {
            return Peak * left;
        }

        // 1 − √done = left/(1 + √done), which keeps its digits at the end.
        return Peak * left / (1 + Math.Sqrt((step - downAt) / (double)Down));
    }
}
