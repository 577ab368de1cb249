using Anneal.Text;

namespace Anneal.Durations;

/// <summary>A length of training that is repeated. It may be a broken number of steps: the borders are rounded, not the length.</summary>
/// <remarks>
/// Border k lies at the step nearest to <c>offset + k·length</c>. Rounding the length would add up: ten tenths of a run of 25
/// steps, each rounded to 3, are 30 steps.
/// </remarks>
public readonly record struct Period
{
    // Steps where the length is a whole number of them, of which a double holds not every one; else 0.
    readonly long whole;

    /// <summary>A length of so many steps.</summary>
    /// <param name="length">At least 1, which is for whoever uses it to refuse by the name it has there.</param>
    /// <param name="offset">Where the first begins, against the step that this is rounded to; -0.5 to 0.5.</param>
    public Period(double length, double offset = 0)
    {
        (Length, Offset) = (length, offset);
        whole = offset == 0 && length == Math.Floor(length) && length is >= 1 and < long.MaxValue ? (long)length : 0;
    }

    Period(long length)
        : this((double)length) => whole = length;

    /// <summary>Steps from one border to the next, before rounding; at least 1.</summary>
    public double Length { get; }

    /// <summary>Where the first begins, against the step that this is rounded to.</summary>
    public double Offset { get; }

    /// <summary>The length where it is a whole number of steps; null where it is broken.</summary>
    public long? Whole => whole > 0 ? whole : null;

    /// <summary>A whole number of steps.</summary>
    public static implicit operator Period(long steps) => new(steps);

    /// <summary>A number of steps that may be broken.</summary>
    public static implicit operator Period(double steps) => new(steps, 0);

    /// <summary>The step at which a repetition begins.</summary>
    /// <param name="index">Which, counted from 0.</param>
    public long Border(long index) => whole > 0 ? checked(index * whole) : Duration.Nearest(Offset + index * Length);

    /// <summary>The repetition that a step belongs to, counted from 0.</summary>
    /// <param name="step">At least 0.</param>
    public long IndexAt(long step)
    {
        if (whole > 0)
        {
            return step / whole;
        }

        long index = Math.Max(0, (long)((step - Offset) / Length));
        while (Border(index + 1) <= step)
        {
            index++;
        }

        while (index > 0 && Border(index) > step)
        {
            index--;
        }

        return index;
    }

    /// <summary>Whether a repetition ends at a step; never at step 0.</summary>
    public bool EndsAt(long step) => step > 0 && Border(IndexAt(step)) == step;

    /// <summary>The number of steps, which may be broken.</summary>
    public override string ToString() => NumberText.Format(Length);
}
