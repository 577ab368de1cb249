using Anneal.Metrics;

namespace Anneal.Reports.Pictures;

/// <summary>An example's picture as a data URI, shrunk by a whole factor where it is larger than a thumbnail.</summary>
/// <remarks>A screen shows one channel or three: of two the first is shown in grey, of more than three the first three as colours.</remarks>
static class Thumbnail
{
    const int LargestSide = 80;

    public static string DataUri(PredictedExample example)
    {
        (int channels, int height, int width) = (example.Shape[0], example.Shape[1], example.Shape[2]);
        channels = channels < 3 ? 1 : 3;
        byte[] pixels = example.Pixels[..(channels * height * width)];
        int factor = (Math.Max(height, width) + LargestSide - 1) / LargestSide;
        if (factor > 1)
        {
            (pixels, height, width) = Shrink(pixels, channels, height, width, factor);
        }

        return "data:image/png;base64," + Convert.ToBase64String(PngEncoder.Encode(pixels, channels, height, width));
    }

    // Each new pixel is the mean of the factor × factor pixels it covers, fewer at the far edges.
    static (byte[] Pixels, int Height, int Width) Shrink(byte[] pixels, int channels, int height, int width, int factor)
    {
        int rows = (height + factor - 1) / factor;
        int columns = (width + factor - 1) / factor;
        byte[] shrunk = new byte[channels * rows * columns];
        for (int c = 0; c < channels; c++)
        {
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns; column++)
                {
                    (int bottom, int right) = (Math.Min(height, (row + 1) * factor), Math.Min(width, (column + 1) * factor));
                    long sum = 0;
                    for (int y = row * factor; y < bottom; y++)
                    {
                        for (int x = column * factor; x < right; x++)
                        {
                            sum += pixels[(c * height + y) * width + x];
                        }
                    }

                    int covered = (bottom - row * factor) * (right - column * factor);
                    shrunk[(c * rows + row) * columns + column] = (byte)((sum + covered / 2) / covered);
                }
            }
        }

        return (shrunk, rows, columns);
    }
}
