using System.Text;
using Anneal.Cli.Display;

namespace Anneal.Cli.Charts;

/// <summary>Curves in a rectangle of characters. One curve is drawn in dots of an eighth of a character; several each in a sign of its own.</summary>
static class TerminalChart
{
    const int Width = 72;
    const int Height = 12;
    const string Signs = "*o+x#";

    // Dots 1 to 8 of a braille character by column and row (Unicode 17, chapter 21.1).
    static readonly int[,] Dots = { { 0x01, 0x02, 0x04, 0x40 }, { 0x08, 0x10, 0x20, 0x80 } };

    /// <param name="writer">Where to.</param>
    /// <param name="curves">On one scale and one axis; where they meet, the first lies on top.</param>
    /// <param name="marks">Drawn as arrows under the axis, each with its number, counted from 1.</param>
    internal static void Draw(TextWriter writer, IReadOnlyList<ICurve> curves, params IReadOnlyList<Mark> marks)
    {
        bool single = curves.Count == 1;
        (int columns, int rows) = single ? (Width * 2, Height * 4) : (Width, Height);
        (double Low, double High)[][] all = [.. curves.Select(curve => curve.Columns(columns).ToArray())];
        double low = all.Min(each => each.Min(column => column.Low));
        double high = all.Max(each => each.Max(column => column.High));
        if (low == high)
        {
            // A constant lies in the middle.
            double margin = low == 0 ? 1 : Math.Abs(low) / 2;
            (low, high) = (low - margin, high + margin);
        }
        char[][] cells = [.. Enumerable.Range(0, Height).Select(_ => new string(' ', Width).ToCharArray())];
        for (int index = all.Length - 1; index >= 0; index--)
        {
            for (int column = 0; column < columns; column++)
            {
                for (int row = RowOf(all[index][column].High); row <= RowOf(all[index][column].Low); row++)
                {
                    if (single)
                    {
                        ref char cell = ref cells[row / 4][column / 2];
                        cell = (char)((cell == ' ' ? 0x2800 : cell) | Dots[column % 2, row % 4]);
                    }
                    else
                    {
                        cells[row][column] = Signs[index % Signs.Length];
                    }
                }
            }
        }
        string[] labels = [Words.Number(high), Words.Number(low)];
        int indent = labels.Max(label => label.Length);
        if (!single)
        {
            for (int index = 0; index < curves.Count; index++)
            {
                writer.WriteLine($"{new string(' ', indent)} {Signs[index % Signs.Length]} {curves[index].Name}");
            }
        }
        for (int row = 0; row < Height; row++)
        {
            string label = row == 0 ? labels[0] : row == Height - 1 ? labels[1] : "";
            writer.WriteLine($"{label.PadLeft(indent)} ┤{new string(cells[row]).TrimEnd()}");
        }
        (string first, string last) = (curves[0].First, curves[0].Last);
        StringBuilder axis = new StringBuilder().Append(' ', indent).Append(" └").Append('─', Width);
        writer.WriteLine(axis);
        if (marks.Count > 0)
        {
            WriteMarks(writer, marks, indent + 2);
        }
        writer.WriteLine($"{new string(' ', indent + 2)}{first}{last.PadLeft(Width - first.Length)}");

        int RowOf(double value) => Math.Clamp((int)Math.Round((high - value) / (high - low) * (rows - 1)), 0, rows - 1);
    }

    static void WriteMarks(TextWriter writer, IReadOnlyList<Mark> marks, int margin)
    {
        char[] letters = new string(' ', Width).ToCharArray();
        foreach ((int number, Mark mark) in marks.Index().OrderBy(numbered => numbered.Item.Place))
        {
            // Two on one spot stand side by side.
            int column = Math.Clamp((int)(mark.Place * Width), 0, Width - 1);
            while (column < Width - 1 && letters[column] != ' ')
            {
                column++;
            }
            letters[column] = (char)('1' + number);
        }
        writer.WriteLine($"{new string(' ', margin)}{new string([.. letters.Select(letter => letter == ' ' ? ' ' : '↑')]).TrimEnd()}");
        writer.WriteLine($"{new string(' ', margin)}{new string(letters).TrimEnd()}");
    }
}
