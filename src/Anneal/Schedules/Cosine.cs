namespace Anneal.Schedules;

/// <summary>Half a cosine wave from one value to another: <c>to + (from − to)/2 · (1 + cos(π·(step/steps)^k))</c>, then <c>to</c>.</summary>
/// <remarks>
/// Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017, equation 5, one cycle.
/// The exponent k: Zhang and Li, "k-decay: a new method for learning rate schedule", 2020.
/// </remarks>
public sealed record Cosine : Schedule
{
    readonly Exponent k;

    /// <summary>Half a cosine wave.</summary>
    /// <param name="from">Value at step 0.</param>
    /// <param name="to">Value at step <paramref name="steps"/> and after it.</param>
    /// <param name="steps">At least 0.</param>
    /// <param name="k">Above 0; above 1 it stays longer near <paramref name="from"/>, below 1 near <paramref name="to"/>.</param>
    public Cosine(double from, double to, long steps, double k = 1)
    {
        From = Require.Finite(from, "from");
        To = Require.Finite(to, "to");
        Steps = Require.AtLeast(0, steps, "steps");
        this.k = new Exponent(Require.Positive(k, "k"), steps);
    }

    /// <summary>Value at step 0.</summary>
    public double From { get; }

    /// <summary>Value at <see cref="Steps"/> and after it.</summary>
    public double To { get; }

    /// <summary>Steps from the one to the other.</summary>
    public long Steps { get; }

    /// <summary>Exponent of the share of steps done; 1 is the plain cosine.</summary>
    public double K => k.Value;

    /// <inheritdoc/>
    public override long? Length => Steps;

    /// <summary>Its text form: <c>cosine(from=0.1, to=0, k=1)</c>.</summary>
    public static ScheduleForm Form { get; } = new(
        "cosine",
        [ScheduleParameter.Number("from"), ScheduleParameter.Number("to"), ScheduleParameter.Number("k", 1)],
        given => new Cosine(given.Number("from"), given.Number("to"), given.Length, given.Number("k")));

    /// <inheritdoc/>
    public override double At(long step)
    {
        if (step >= Steps)
        {
            return To;
        }

        if (K == 1)
        {
            return Interpolation.Cosine(From, To, step, Steps - step, Steps);
        }

        (double done, double left) = k.Split(step);
        return done <= left ? Interpolation.Cosine(From, To, done) : Interpolation.Cosine(To, From, left);
    }
}
