using System.Diagnostics.CodeAnalysis;
using Anneal.Text;

namespace Anneal.Durations;

/// <summary>A length of training with its unit: <c>30ep</c>, <c>500st</c>, <c>0.3run</c>, <c>20000samples</c>.</summary>
public readonly record struct Duration
{
    // Above this a double no longer holds every whole number.
    const long LargestCount = 1L << 53;

    static readonly (string Suffix, DurationUnit Unit)[] Suffixes =
    [
        ("st", DurationUnit.Steps),
        ("ep", DurationUnit.Epochs),
        ("run", DurationUnit.Run),
        ("samples", DurationUnit.Samples),
    ];

    Duration(double amount, DurationUnit unit) => (Amount, Unit) = (amount, unit);

    /// <summary>How many of <see cref="Unit"/>: at least 0; whole for steps and samples; at most 1 for shares of a run.</summary>
    public double Amount { get; }

    /// <summary>What is counted.</summary>
    public DurationUnit Unit { get; }

    /// <summary>So many optimizer updates.</summary>
    /// <param name="steps">0 to 2⁵³.</param>
    public static Duration Steps(long steps) => new(Count(steps, DurationUnit.Steps), DurationUnit.Steps);

    /// <summary>So many passes over the training data.</summary>
    /// <param name="epochs">At least 0; may be broken, such as 0.5.</param>
    public static Duration Epochs(double epochs) => epochs >= 0 && double.IsFinite(epochs)
        ? new(epochs, DurationUnit.Epochs)
        : throw new ArgumentOutOfRangeException(nameof(epochs), $"Epochs must be at least 0. Received: {NumberText.Format(epochs)}ep.");

    /// <summary>A share of the whole run.</summary>
    /// <param name="fraction">0 to 1.</param>
    public static Duration RunFraction(double fraction) => fraction is >= 0 and <= 1
        ? new(fraction, DurationUnit.Run)
        : throw new ArgumentOutOfRangeException(nameof(fraction), $"A share of a run must be between 0 and 1. Received: {NumberText.Format(fraction)}run.");

    /// <summary>So many training examples.</summary>
    /// <param name="samples">0 to 2⁵³.</param>
    public static Duration Samples(long samples) => new(Count(samples, DurationUnit.Samples), DurationUnit.Samples);

    /// <summary>Reads a duration; a number without a unit counts steps.</summary>
    /// <exception cref="FormatException">The text is not a duration; the message says what it should be.</exception>
    public static Duration Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read(text, out string? problem) ?? throw new FormatException(problem);
    }

    /// <summary>Reads a duration; false where the text is not one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Duration duration)
    {
        Duration? read = text is null ? null : Read(text, out _);
        duration = read ?? default;
        return read is not null;
    }

    /// <summary>Reads a duration as <see cref="Parse"/> does.</summary>
    public static implicit operator Duration(string text) => Parse(text);

    /// <summary>How many optimizer updates this is in a run of that length.</summary>
    /// <param name="length">The run.</param>
    /// <returns>
    /// Epochs and shares of a run to the nearest step, halves up; samples to the first step that has seen them all.
    /// </returns>
    public long ToSteps(RunLength length) => Nearest(InSteps(length));

    /// <summary>How many optimizer updates this is in a run of that length, before rounding.</summary>
    /// <remarks>
    /// Where several lengths follow each other, sum these and round the borders: rounding each length would let halves of
    /// an odd run add up to more than the run.
    /// </remarks>
    /// <param name="length">The run.</param>
    /// <returns>Whole for steps and samples; may be broken for epochs and shares of a run.</returns>
    public double InSteps(RunLength length)
    {
        double steps = Unit switch
        {
            DurationUnit.Steps => Amount,
            DurationUnit.Epochs => Amount * length.StepsPerEpoch,
            DurationUnit.Run => Amount * length.Steps,
            _ => (double)(((long)Amount + length.BatchSize - 1) / length.BatchSize),
        };
        return steps <= LargestCount
            ? steps
            : throw new OverflowException(
                $"A duration must be at most 2^53 steps. Received: {this}, which is {NumberText.Format(steps)} steps at {length.StepsPerEpoch} an epoch.");
    }

    /// <summary>The step nearest to a place in a run, halves up.</summary>
    /// <param name="steps">At least -0.5.</param>
    internal static long Nearest(double steps)
    {
        double floor = Math.Floor(steps);
        // A half may lack its last bits: 0.7 times 15 is 10.499999999999998 in one way of reckoning and 10.5 in another.
        double half = Math.Min(Math.Abs(steps) * 1e-14, 1e-6);
        return (long)(steps - floor >= 0.5 - half ? floor + 1 : floor);
    }

    /// <summary>The text that <see cref="Parse"/> reads back as this value, with its unit: <c>500st</c>.</summary>
    public override string ToString() => Unit is DurationUnit.Steps or DurationUnit.Samples
        ? $"{(long)Amount}{Suffix}"
        : $"{NumberText.Format(Amount)}{Suffix}";

    string Suffix
    {
        get
        {
            foreach ((string? suffix, DurationUnit unit) in Suffixes)
            {
                if (unit == Unit)
                {
                    return suffix;
                }
            }

            throw new InvalidOperationException($"No suffix for {Unit}.");
        }
    }

    static Duration? Read(string text, out string? problem)
    {
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim();
        int digits = NumberText.Length(trimmed);
        if (digits == 0 || !NumberText.TryParse(trimmed[..digits], out double amount))
        {
            problem = $"A duration is a number with a unit, such as 30ep, 500st, 0.3run or 20000samples. Received: '{text}'.";
            return null;
        }

        string suffix = trimmed[digits..].ToString();
        DurationUnit? unit = suffix.Length == 0 ? DurationUnit.Steps : null;
        foreach ((string? known, DurationUnit candidate) in Suffixes)
        {
            if (suffix == known)
            {
                unit = candidate;
            }
        }

        problem = unit switch
        {
            null => $"'{suffix}' is not a unit of duration. Known: {string.Join(", ", Suffixes.Select(known => known.Suffix))}. Received: '{text}'.",
            _ when amount < 0 => $"A duration must be at least 0. Received: '{text}'.",
            DurationUnit.Run when amount > 1 => $"A share of a run must be between 0 and 1. Received: '{text}'.",
            DurationUnit.Steps when !IsCount(amount) => $"Steps must be a whole number, at most 2^53. Received: '{text}'. Other units: ep, run, samples.",
            DurationUnit.Samples when !IsCount(amount) => $"Samples must be a whole number, at most 2^53. Received: '{text}'.",
            _ => null,
        };
        // -0 is 0 here, and must print and compare like it.
        return problem is null ? new Duration(amount + 0.0, unit!.Value) : default(Duration?);
    }

    static bool IsCount(double amount) => amount <= LargestCount && Math.Floor(amount) == amount;

    static long Count(long count, DurationUnit unit) => count is >= 0 and <= LargestCount
        ? count
        : throw new ArgumentOutOfRangeException(nameof(count), $"{unit} must be between 0 and 2^53. Received: {count}.");
}
