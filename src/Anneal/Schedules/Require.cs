using Anneal.Durations;
using Anneal.Text;

namespace Anneal.Schedules;

/// <summary>The ranges that the values of a schedule must lie in; names are those of the text form.</summary>
static class Require
{
    public static double Finite(double value, string name) =>
        double.IsFinite(value) ? value : throw Refuse(name, "must be a finite number", value);

    public static double Positive(double value, string name) =>
        value > 0 && double.IsFinite(value) ? value : throw Refuse(name, "must be above 0", value);

    public static double NotNegative(double value, string name) =>
        value >= 0 && double.IsFinite(value) ? value : throw Refuse(name, "must be at least 0", value);

    public static double AtLeastOne(double value, string name) =>
        value >= 1 && double.IsFinite(value) ? value : throw Refuse(name, "must be at least 1", value);

    /// <summary>Above 0, at most 1.</summary>
    public static double Factor(double value, string name) =>
        value is > 0 and <= 1 ? value : throw Refuse(name, "must be above 0 and at most 1", value);

    public static long AtLeast(long least, long value, string name) =>
        value >= least ? value : throw Refuse(name, $"must be at least {least}", value);

    /// <summary>At least 1 step.</summary>
    public static Period Period(Period value, string name) =>
        value.Length >= 1 && double.IsFinite(value.Length) ? value : throw Refuse(name, "must be at least 1", value.Length);

    /// <summary>A part of a piece no longer than the piece.</summary>
    public static long Within(long length, long value, string name) =>
        value <= length ? value : throw new ScheduleValueException(name, $"{name} must not be longer than its piece. Received: {name}={value} steps, in {length} steps.");

    public static ScheduleValueException Refuse(string name, string rule, double received) =>
        new(name, $"{name} {rule}. Received: {name}={NumberText.Format(received)}.");
}
