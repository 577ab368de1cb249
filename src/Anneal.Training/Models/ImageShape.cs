namespace Anneal.Training.Models;

/// <summary>The size of one image.</summary>
/// <param name="Channels">1 for grey, 3 for colour.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Numbers in one image.</summary>
    public int Count => Channels * Height * Width;

    /// <inheritdoc/>
    public override string ToString() => $"{Channels}×{Height}×{Width}";
}
