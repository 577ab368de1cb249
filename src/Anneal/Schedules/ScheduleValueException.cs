namespace Anneal.Schedules;

/// <summary>A value that a schedule cannot have.</summary>
/// <param name="parameter">The parameter's name in the text form, such as <c>hold-until</c>.</param>
/// <param name="message">The rule, then what was received.</param>
public sealed class ScheduleValueException(string parameter, string message) : ArgumentException(message)
{
    /// <summary>The parameter's name in the text form, such as <c>hold-until</c>.</summary>
    public string Parameter { get; } = parameter;
}
