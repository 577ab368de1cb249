using Anneal.Text;

namespace Anneal.Schedules;

/// <summary>One parameter in the text form of a schedule.</summary>
public sealed record ScheduleParameter
{
    ScheduleParameter(string name, ScheduleParameterKind kind, string? @default) => (Name, Kind, Default) = (name, kind, @default);

    /// <summary>Its name, such as <c>hold-until</c>.</summary>
    public string Name { get; }

    /// <summary>What its values are.</summary>
    public ScheduleParameterKind Kind { get; }

    /// <summary>The canonical text of the value it has where none is given; null where it has none.</summary>
    public string? Default { get; }

    /// <summary>The words that a choice chooses from; empty for the other kinds.</summary>
    public IReadOnlyList<string> Choices { get; private init; } = [];

    /// <summary>Whether it may be left out.</summary>
    public bool IsOptional { get; private init; }

    /// <summary>Whether it is printed without its name, first, as in <c>step(0.1, every=30ep)</c>.</summary>
    public bool IsLeading { get; init; }

    /// <summary>A number that has to be given.</summary>
    public static ScheduleParameter Number(string name) => new(name, ScheduleParameterKind.Number, null);

    /// <summary>A number with a default.</summary>
    public static ScheduleParameter Number(string name, double @default) =>
        new(name, ScheduleParameterKind.Number, NumberText.Format(@default)) { IsOptional = true };

    /// <summary>A number that may be left out.</summary>
    public static ScheduleParameter OptionalNumber(string name) => Number(name) with { IsOptional = true };

    /// <summary>A length of training that has to be given.</summary>
    public static ScheduleParameter Duration(string name) => new(name, ScheduleParameterKind.Duration, null);

    /// <summary>A length of training with a default.</summary>
    public static ScheduleParameter Duration(string name, Durations.Duration @default) =>
        new(name, ScheduleParameterKind.Duration, @default.ToString()) { IsOptional = true };

    /// <summary>A length of training that may be left out.</summary>
    public static ScheduleParameter OptionalDuration(string name) => Duration(name) with { IsOptional = true };

    /// <summary>A list of lengths of training, written <c>[30ep, 60ep]</c>, that has to be given.</summary>
    public static ScheduleParameter DurationList(string name) => new(name, ScheduleParameterKind.DurationList, null);

    /// <summary>One of a few words; the first is the default.</summary>
    public static ScheduleParameter Choice(string name, IReadOnlyList<string> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        return new(name, ScheduleParameterKind.Choice, choices[0]) { Choices = choices, IsOptional = true };
    }

    /// <summary>One of a few words, or none of them.</summary>
    public static ScheduleParameter OptionalChoice(string name, IReadOnlyList<string> choices) =>
        new(name, ScheduleParameterKind.Choice, null) { Choices = choices, IsOptional = true };
}
