namespace Anneal.Schedules;

/// <summary>What the values of a <see cref="ScheduleParameter"/> are.</summary>
public enum ScheduleParameterKind
{
    /// <summary>A number, such as <c>0.1</c>.</summary>
    Number,

    /// <summary>A length of training, such as <c>30ep</c>.</summary>
    Duration,

    /// <summary>Lengths of training, such as <c>[30ep, 60ep]</c>.</summary>
    DurationList,

    /// <summary>One of a few words.</summary>
    Choice,
}
