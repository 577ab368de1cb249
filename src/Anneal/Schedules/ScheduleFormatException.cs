namespace Anneal.Schedules;

/// <summary>A text that is no schedule, or none for this run; the message ends with the text and a caret under the place.</summary>
public sealed class ScheduleFormatException : FormatException
{
    internal ScheduleFormatException(string problem, string text, int position, Exception? inner = null)
        : base($"{problem}\n  {OneLine(text)}\n  {new string(' ', position)}^", inner) => (Problem, Position) = (problem, position);

    /// <summary>The rule, what was received, and what to do, without the text and the caret.</summary>
    public string Problem { get; }

    /// <summary>The character that the caret points at, counted from 0.</summary>
    public int Position { get; }

    // The caret must stand under its character: every line break and tab of the text becomes one blank.
    static string OneLine(string text) => string.Concat(text.Select(c => char.IsWhiteSpace(c) ? ' ' : c));
}
