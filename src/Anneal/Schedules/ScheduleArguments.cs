using System.Globalization;
using Anneal.Durations;

namespace Anneal.Schedules;

/// <summary>The values given to one piece of a <see cref="ScheduleText"/>, in a run of known length.</summary>
public sealed class ScheduleArguments
{
    readonly ScheduleForm form;
    readonly SchedulePiece piece;

    internal ScheduleArguments(ScheduleForm form, SchedulePiece piece, RunLength run, long length) =>
        (this.form, this.piece, Run, Length) = (form, piece, run, length);

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

    /// <summary>The steps of a duration in this run.</summary>
    public long Steps(string name) => Duration.Parse(Get(name)).ToSteps(Run);

    /// <summary>The steps of each of a list of durations in this run.</summary>
    public IReadOnlyList<long> StepsList(string name) =>
        [.. Get(name)[1..^1].Split(',', StringSplitOptions.TrimEntries).Select(text => Duration.Parse(text).ToSteps(Run))];

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
