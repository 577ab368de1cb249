using Anneal.Runs;

namespace Anneal.Search;

/// <summary>The lab notebook as lines of JSON (<c>notebook.jsonl</c>): one trial, one line.</summary>
public static class NotebookLines
{
    /// <summary>One line without its line break.</summary>
    public static string Write(NotebookEntry entry) => JsonLines.Write(entry, RunJson.Default.NotebookEntry);

    /// <summary>All whole entries, in order. A last line that was cut off by a kill is left out; cut it away before more is appended.</summary>
    /// <exception cref="FormatException">A line other than the last is not an entry.</exception>
    public static IReadOnlyList<NotebookEntry> ReadAll(TextReader reader) => JsonLines.ReadAll(reader, RunJson.Default.NotebookEntry, "notebook");
}
