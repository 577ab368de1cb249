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

    internal static void Draw(TextWriter writer, IReadOnlyList<ScheduleCurve> curves)
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
        for (int index = 0; index < all.Length; index++)
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
        int margin1 = labels.Max(label => label.Length);
        if (!single)
        {
            for (int index = 0; index < curves.Count; index++)
            {
                writer.WriteLine($"{new string(' ', margin1)} {Signs[index % Signs.Length]} {curves[index].Name}");
            }
        }
        for (int row = 0; row < Height; row++)
        {
            string label = row == 0 ? labels[0] : row == Height - 1 ? labels[1] : "";
            writer.WriteLine($"{label.PadLeft(margin1)} ┤{new string(cells[row]).TrimEnd()}");
        }
        string last = Words.Count(curves.Max(curve => curve.Steps) - 1);
        StringBuilder axis = new StringBuilder().Append(' ', margin1).Append(" └").Append('─', Width);
        writer.WriteLine(axis);
        writer.WriteLine($"{new string(' ', margin1 + 2)}0{last.PadLeft(Width - 1)}");

        int RowOf(double value) => Math.Clamp((int)Math.Round((high - value) / (high - low) * (rows - 1)), 0, rows - 1);
    }
}
