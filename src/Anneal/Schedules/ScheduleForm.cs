namespace Anneal.Schedules;

/// <summary>The text form of one kind of schedule: its name, its parameters, and how to make it from them.</summary>
/// <param name="Name">The name before the parenthesis: lower case, words joined by hyphens.</param>
/// <param name="Parameters">In the order in which they are printed, and read where they are given without names.</param>
/// <param name="Build">Makes the schedule for a run; throws <see cref="ScheduleValueException"/> where a value is out of its range.</param>
public sealed record ScheduleForm(string Name, IReadOnlyList<ScheduleParameter> Parameters, Func<ScheduleArguments, Schedule> Build);
