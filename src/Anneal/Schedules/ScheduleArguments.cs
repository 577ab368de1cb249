using System.Globalization;
using Anneal.Durations;

namespace Anneal.Schedules;

/// <summary>The values given to one piece of a <see cref="ScheduleText"/>, in a run of known length.</summary>
public sealed class ScheduleArguments
{
    readonly ScheduleForm form;
    readonly SchedulePiece piece;

    // Where the piece begins and ends in the run, before rounding.
    readonly double begin, end;

    internal ScheduleArguments(ScheduleForm form, SchedulePiece piece, RunLength run, double begin, double end, long length)
    {
        (this.form, this.piece, Run) = (form, piece, run);
        (this.begin, this.end, Length) = (begin, end, length);
    }

    /// <summary>The run.</summary>
    public RunLength Run { get; }

    /// <summary>The steps this piece has: those of its <c>for</c>, or the rest of the run.</summary>
    public long Length { get; }

    /// <summary>Whether a value was given or has a default.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>The value of a number.</summary>
    public double Number(string name) => double.Parse(Get(name), NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>The value of a number that must be whole.</summary>
    public int WholeNumber(string name)
    {
        double value = Number(name);
        return value == Math.Floor(value) && Math.Abs(value) <= int.MaxValue
            ? (int)value
            : throw Require.Refuse(name, "must be a whole number", value);
    }

    /// <summary>The steps of a duration in this run, for a length that stands alone; a border of the piece is <see cref="StepAt(string, long)"/>.</summary>
    public long Steps(string name) => Duration.Parse(Get(name)).ToSteps(Run);

    /// <summary>The step of this piece at which a part that begins with it ends.</summary>
    /// <param name="name">A duration.</param>
    /// <param name="least">The smallest step, for a duration above 0 that rounds to less.</param>
    public long StepAt(string name, long least = 0) => StepAt(Exact(name), least);

    /// <summary>The step of this piece at which a part that ends with it begins.</summary>
    /// <param name="name">A duration.</param>
    public long StepBeforeEnd(string name)
    {
        double exact = Exact(name);
        long step = Duration.Nearest(end - exact) - Duration.Nearest(begin);
        return IsWithin(exact) ? Math.Max(0, step) : step;
    }

    /// <summary>The steps of this piece that a list of durations from its beginning comes to.</summary>
    public IReadOnlyList<long> StepsList(string name) => [.. ExactList(name).Select(exact => StepAt(exact, 0))];

    /// <summary>A duration that is repeated from the beginning of this piece; at least one step where it is above 0.</summary>
    /// <exception cref="ScheduleValueException">It is 0.</exception>
    public Period Period(string name) => Exact(name) is > 0 and double exact
        ? new Period(Math.Max(1, exact), begin - Duration.Nearest(begin))
        : throw Require.Refuse(name, "must be at least 1", 0);

    /// <summary>Whether two parts, one from the beginning and one to the end, fit into this piece before they are rounded.</summary>
    internal bool Fit(string fromBegin, string toEnd) => IsWithin(Exact(fromBegin) + Exact(toEnd));

    internal double Exact(string name) => Duration.Parse(Get(name)).InSteps(Run);

    internal IReadOnlyList<double> ExactList(string name) =>
        [.. Get(name)[1..^1].Split(',', StringSplitOptions.TrimEntries).Select(text => Duration.Parse(text).InSteps(Run))];

    long StepAt(double exact, long least)
    {
        long step = Math.Max(Duration.Nearest(begin + exact) - Duration.Nearest(begin), exact > 0 ? least : 0);
        return IsWithin(exact) ? Math.Min(step, Math.Max(Length, least)) : step;
    }

    // Sums of shares may lack or exceed a whole by their last bits.
    bool IsWithin(double exact) => exact <= (end - begin) * (1 + 1e-12);

    /// <summary>The word chosen.</summary>
    public string Choice(string name) => Get(name);

    string Get(string name) => Find(name) ?? throw new InvalidOperationException($"'{form.Name}' was given no '{name}', which has no default: ask Has first.");

    string? Find(string name)
    {
        foreach (ScheduleArgument argument in piece.Arguments)
        {
            if (argument.Name == name)
            {
                return argument.Value;
            }
        }

        foreach (ScheduleParameter parameter in form.Parameters)
        {
            if (parameter.Name == name)
            {
                return parameter.Default;
            }
        }

        throw new ArgumentException($"'{form.Name}' declares no parameter '{name}'.", nameof(name));
    }
}
