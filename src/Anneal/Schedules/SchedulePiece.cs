using Anneal.Durations;

namespace Anneal.Schedules;

/// <summary>One piece of a <see cref="ScheduleText"/>: <c>cosine(from=0.1, to=0) for 30ep</c>.</summary>
/// <param name="Name">The kind of schedule.</param>
/// <param name="Arguments">The values that differ from their defaults, in the order of the form.</param>
/// <param name="Length">What follows <c>for</c>; null for a last piece that takes the rest of the run.</param>
public sealed record SchedulePiece(string Name, IReadOnlyList<ScheduleArgument> Arguments, Duration? Length);

/// <summary>One value given to a piece.</summary>
/// <param name="Name">The parameter, such as <c>max</c>.</param>
/// <param name="Value">The canonical text of the value, such as <c>0.4</c>, <c>30ep</c> or <c>[30ep, 60ep]</c>.</param>
public sealed record ScheduleArgument(string Name, string Value);
