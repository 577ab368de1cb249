namespace Anneal.Cli.Display;

/// <summary>Rows of text in aligned columns, for standard output: the same on a terminal and in a file.</summary>
/// <param name="header">The columns' names.</param>
/// <param name="rightFrom">The first column that is aligned to the right, as numbers are.</param>
sealed class TextTable(IReadOnlyList<string> header, int rightFrom)
{
    readonly List<IReadOnlyList<string>> rows = [header];

    internal void Add(params IReadOnlyList<string> cells) => rows.Add(cells);

    internal void Write(TextWriter writer)
    {
        int[] widths = [.. Enumerable.Range(0, header.Count).Select(column => rows.Max(row => row[column].Length))];
        foreach (IReadOnlyList<string> row in rows)
        {
            IEnumerable<string> cells = row.Select((cell, column) => column < rightFrom ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            writer.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }
}
