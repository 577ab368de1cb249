using System.Runtime.CompilerServices;
using Anneal.Durations;

namespace Anneal.Schedules;

/// <summary>A cosine that starts again and again, with longer cycles and lower peaks on request.</summary>
/// <remarks>
/// Cycle i takes <c>first·multiplyⁱ</c> steps, rounded to a whole step (where <c>first</c> is broken, as a share of a run may be,
/// it is the borders of the cycles that are rounded), and falls from <c>from·decayⁱ</c> to <c>to</c>.
/// After the last cycle of a limited number the value stays at <c>to</c>.
/// Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017, section 3.
/// </remarks>
public sealed record WarmRestarts : Schedule
{
    /// <summary>The smallest <c>multiply</c> above 1: a smaller one would need a table of too many cycles.</summary>
    public const double SmallestMultiply = 1.01;

    // 2^63, before which every start must lie.
    const double LastStart = 9_223_372_036_854_775_808;

    // Start of each cycle, and of the one after the last; empty where all are as long as the first.
    readonly long[] starts;
    readonly double growth, cyclesPerDoubling;
    readonly Powers heights;

    /// <summary>Cosine cycles.</summary>
    /// <param name="from">Value at the start of the first cycle.</param>
    /// <param name="to">Value at the end of each cycle.</param>
    /// <param name="first">Steps of the first cycle; at least 1.</param>
    /// <param name="multiply">Length of a cycle over the length of the one before it; 1, or at least <see cref="SmallestMultiply"/>.</param>
    /// <param name="decay">Height of a cycle's start over that of the one before it; above 0, at most 1. Below 1, <paramref name="from"/> must be at least <paramref name="to"/>, and so is every height.</param>
    /// <param name="limit">How many cycles there are; at least 1, null for no end.</param>
    public WarmRestarts(double from, double to, Period first, double multiply = 1, double decay = 1, int? limit = null)
    {
        From = Require.Finite(from, "from");
        To = Require.Finite(to, "to");
        First = Require.Period(first, "first");
        bool fits = multiply == 1 || (multiply >= SmallestMultiply && double.IsFinite(multiply));
        Multiply = fits ? multiply : throw Require.Refuse("multiply", $"must be 1, or at least {SmallestMultiply}", multiply);
        heights = new Powers(Require.Factor(decay, "decay"));
        if (decay < 1 && from < to)
        {
            throw new ScheduleValueException("decay", $"decay must be 1 where from is below to. Received: decay={decay}, from={from}, to={to}.");
        }

        Limit = limit is null or >= 1 ? limit : throw Require.Refuse("limit", "must be at least 1", limit.Value);
        (growth, cyclesPerDoubling) = ((multiply - 1) / first.Length, 1 / Math.Log2(multiply));
        starts = multiply == 1 ? [] : StartsOf(first, multiply, limit ?? int.MaxValue);
    }

    /// <summary>Value at the start of the first cycle.</summary>
    public double From { get; }

    /// <summary>Value at the end of each cycle.</summary>
    public double To { get; }

    /// <summary>Steps of the first cycle.</summary>
    public Period First { get; }

    /// <summary>Length of a cycle over the length of the one before it.</summary>
    public double Multiply { get; }

    /// <summary>Height of a cycle's start over that of the one before it.</summary>
    public double Decay => heights.Factor;

    /// <summary>How many cycles there are; null for no end.</summary>
    public int? Limit { get; }

    /// <summary>Its text form: <c>restarts(from=0.1, to=0, first=10ep, multiply=2)</c>.</summary>
    public static ScheduleForm Form { get; } = new(
        "restarts",
        [
            ScheduleParameter.Number("from"),
            ScheduleParameter.Number("to"),
            ScheduleParameter.Duration("first"),
            ScheduleParameter.Number("multiply", 1),
            ScheduleParameter.Number("decay", 1),
            ScheduleParameter.OptionalNumber("limit"),
        ],
        given => new WarmRestarts(
            given.Number("from"),
            given.Number("to"),
            given.Period("first"),
            given.Number("multiply"),
            given.Number("decay"),
            given.Has("limit") ? given.WholeNumber("limit") : null));

    /// <inheritdoc/>
    public override double At(long step)
    {
        (long cycle, long begin, long length) = CycleAt(step);
        long position = step - begin;
        if (position >= length)
        {
            return To;
        }

        double height = Decay == 1 ? From : Math.Max(To, From * heights[cycle]);
        return Interpolation.Cosine(height, To, position, length - position, length);
    }

    /// <inheritdoc/>
    public override double Approaching(long step) => step > 0 && CycleAt(step).Begin == step ? To : At(step);

    /// <summary>The cycle that a step belongs to, counted from 0, and the step at which it begins.</summary>
    /// <param name="step">At least 0; after a limited number of cycles it belongs to the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (long Cycle, long Begin, long Length) CycleAt(long step)
    {
        if (starts.Length == 0)
        {
            long cycle = Math.Min(First.IndexAt(step), (Limit ?? long.MaxValue) - 1);
            long begin = First.Border(cycle);
            return (cycle, begin, First.Whole ?? First.Border(cycle + 1) - begin);
        }

        // A logarithm comes near; only whole steps can tell: for multiply = 3 even the exact one is a cycle off at 5 and 10.
        int last = starts.Length - 2;
        int near = Math.Min((int)(RoughLog2(1 + step * growth) * cyclesPerDoubling), last);
        while (near < last && starts[near + 1] <= step)
        {
            near++;
        }

        while (starts[near] > step)
        {
            near--;
        }

        return (near, starts[near], starts[near + 1] - starts[near]);
    }

    /// <inheritdoc/>
    public bool Equals(WarmRestarts? other) =>
        other is not null && (From, To, First, Multiply, Decay, Limit) == (other.From, other.To, other.First, other.Multiply, other.Decay, other.Limit);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(From, To, First, Multiply, Decay, Limit);

    // The exponent, and a parabola through both ends of the mantissa's range: at most 0.01 off, less than a cycle even where each is a hundredth longer.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static double RoughLog2(double value)
    {
        double line = BitConverter.DoubleToInt64Bits(value) * (1.0 / (1L << 52)) - 1023;
        double share = line - Math.Floor(line);
        return line + 0.345 * share * (1 - share);
    }

    // A whole first cycle gives each length rounded for itself, halves away from 0; a broken one, such as a share of a run, is
    // rounded at its borders, so that cycles whose shares sum to 1 end with the run.
    static long[] StartsOf(Period first, double multiply, int limit)
    {
        List<long> starts = [];
        double broken = first.Offset;
        // A double no longer holds every whole number above 2^53.
        Int128 whole = 0, length = 0;
        for (int cycle = 0; cycle <= limit; cycle++)
        {
            double start = first.Whole is null ? broken : (double)whole;
            starts.Add(first.Whole is null ? Duration.Nearest(broken) : (long)whole);
            double next = first.Length * Math.Pow(multiply, cycle);
            // Not `>`: a length that is too large for a double or a long must end it, and nothing may be reckoned with it.
            if (!(start + next < LastStart))
            {
                break;
            }

            broken += next;
            length = multiply != Math.Floor(multiply) ? (Int128)Math.Round(next, MidpointRounding.AwayFromZero)
                : cycle == 0 ? first.Whole ?? 0
                : length * (Int128)multiply;
            whole += length;
            if (whole > long.MaxValue)
            {
                break;
            }
        }

        if (starts.Count <= limit)
        {
            // The cycle that would end after the last step that can be counted.
            starts.Add(long.MaxValue);
        }

        return [.. starts];
    }
}
