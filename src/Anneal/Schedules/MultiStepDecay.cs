namespace Anneal.Schedules;

/// <summary>A factor at each of a few steps: <c>value · factor^(number of milestones ≤ step)</c>.</summary>
public sealed record MultiStepDecay : Schedule
{
    readonly long[] milestones;
    // Value after so many drops.
    readonly double[] values;

    /// <summary>A staircase with stairs of one's own choice.</summary>
    /// <param name="value">Value before the first drop; finite.</param>
    /// <param name="milestones">Steps from which the next drop counts; at least 0, none below the one before it; at two equal ones the value drops twice.</param>
    /// <param name="factor">What each drop multiplies by; above 0, at most 1.</param>
    public MultiStepDecay(double value, IReadOnlyList<long> milestones, double factor = 0.1)
    {
        ArgumentNullException.ThrowIfNull(milestones);
        Value = Require.Finite(value, "value");
        Factor = Require.Factor(factor, "factor");
        this.milestones = [.. milestones];
        for (int i = 0; i < milestones.Count; i++)
        {
            if (milestones[i] < 0 || (i > 0 && milestones[i] < milestones[i - 1]))
            {
                throw OutOfOrder(milestones);
            }
        }

        values = [.. Enumerable.Range(0, milestones.Count + 1).Select(drops => value * Math.Pow(factor, drops))];
    }

    /// <summary>Value before the first drop.</summary>
    public double Value { get; }

    /// <summary>Steps from which the next drop counts.</summary>
    public IReadOnlyList<long> Milestones => milestones;

    /// <summary>What each drop multiplies by.</summary>
    public double Factor { get; }

    /// <summary>Its text form: <c>multi-step(0.1, at=[30ep, 60ep], factor=0.1)</c>.</summary>
    public static ScheduleForm Form { get; } = new(
        "multi-step",
        [
            ScheduleParameter.Number("value") with { IsLeading = true },
            ScheduleParameter.DurationList("at"),
            ScheduleParameter.Number("factor", 0.1),
        ],
        Build);

    static MultiStepDecay Build(ScheduleArguments given)
    {
        // In a short run two shares may come to the same step; written, each lies above the one before it.
        IReadOnlyList<double> exact = given.ExactList("at");
        IReadOnlyList<long> milestones = given.StepsList("at");
        return exact.Zip(exact.Skip(1)).All(pair => pair.First < pair.Second)
            ? new MultiStepDecay(given.Number("value"), milestones, given.Number("factor"))
            : throw OutOfOrder(milestones);
    }

    static ScheduleValueException OutOfOrder(IReadOnlyList<long> milestones) =>
        new("at", $"at must be milestones in order, each above the one before it. Received: [{string.Join(", ", milestones)}].");

    /// <inheritdoc/>
    public override double At(long step)
    {
        int drops = 0;
        while (drops < milestones.Length && milestones[drops] <= step)
        {
            drops++;
        }

        return values[drops];
    }

    /// <inheritdoc/>
    public override double Approaching(long step) => At(Math.Max(0, step - 1));

    /// <inheritdoc/>
    public bool Equals(MultiStepDecay? other) =>
        other is not null && Value == other.Value && Factor == other.Factor && milestones.AsSpan().SequenceEqual(other.milestones);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = new();
        hash.Add(Value);
        hash.Add(Factor);
        foreach (long milestone in milestones)
        {
            hash.Add(milestone);
        }

        return hash.ToHashCode();
    }
}
