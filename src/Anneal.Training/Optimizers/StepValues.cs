using Anneal.Schedules;

namespace Anneal.Training.Optimizers;

/// <summary>Scheduled values, as a technique is given them and as each step receives them: in range, or an error that names them.</summary>
/// <remarks>A constant is checked where it is given; a schedule only has values in a run, which looks at its extremes.</remarks>
static class StepValues
{
    internal static double AtLeastZero(IReadOnlyDictionary<string, double> values, string name) => Read(values, name, IsAtLeastZero, AtLeastZeroRule);

    internal static ScheduleText AtLeastZero(ScheduleText text, string name) => Read(text, name, IsAtLeastZero, AtLeastZeroRule);

    internal static double Share(IReadOnlyDictionary<string, double> values, string name) => Read(values, name, IsShare, ShareRule);

    internal static ScheduleText Share(ScheduleText text, string name) => Read(text, name, IsShare, ShareRule);

    internal static double ShareOrOne(IReadOnlyDictionary<string, double> values, string name) => Read(values, name, IsShareOrOne, ShareOrOneRule);

    internal static ScheduleText ShareOrOne(ScheduleText text, string name) => Read(text, name, IsShareOrOne, ShareOrOneRule);

    const string AtLeastZeroRule = "must be at least 0";
    const string ShareRule = "must be at least 0 and below 1";
    const string ShareOrOneRule = "must be from 0 to 1";

    static bool IsAtLeastZero(double value) => value is >= 0 and < double.PositiveInfinity;

    static bool IsShare(double value) => value is >= 0 and < 1;

    static bool IsShareOrOne(double value) => value is >= 0 and <= 1;

    static double Read(IReadOnlyDictionary<string, double> values, string name, Func<double, bool> fits, string rule) =>
        values.TryGetValue(name, out double value)
            ? fits(value) ? value : throw Refuse(name, rule, value)
            : throw new ArgumentException($"A step must be given '{name}'. Received: {string.Join(", ", values.Keys)}.");

    static ScheduleText Read(ScheduleText text, string name, Func<double, bool> fits, string rule)
    {
        ArgumentNullException.ThrowIfNull(text, name);
        return text.ConstantValue is not { } value || fits(value) ? text : throw Refuse(name, rule, value);
    }

    static ArgumentException Refuse(string name, string rule, double received) => new($"{name} {rule}. Received: {received}.");
}
