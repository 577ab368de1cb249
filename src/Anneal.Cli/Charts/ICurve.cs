namespace Anneal.Cli.Charts;

/// <summary>What a chart draws.</summary>
interface ICurve
{
    /// <summary>What it is called beside the chart.</summary>
    string Name { get; }

    /// <summary>What stands under the left end of the axis.</summary>
    string First { get; }

    /// <summary>What stands under the right end of the axis.</summary>
    string Last { get; }

    /// <summary>The lowest and highest value of each of so many equal parts of the axis.</summary>
    IReadOnlyList<(double Low, double High)> Columns(int count);
}

/// <summary>A place on the axis that is pointed out.</summary>
/// <param name="Name">What it is called; in the terminal its number stands for it.</param>
/// <param name="Place">0 for the left end to 1 for the right.</param>
readonly record struct Mark(string Name, double Place);
