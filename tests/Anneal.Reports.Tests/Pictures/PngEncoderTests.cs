using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Anneal.Metrics;
using Anneal.Reports.Pictures;

namespace Anneal.Reports.Tests.Pictures;

public sealed class PngEncoderTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 28, 28)]
    [InlineData(3, 32, 32)]
    [InlineData(3, 5, 17)]
    [InlineData(1, 300, 2)]
    public void DecodesToThePixelsItWasGiven(int channels, int height, int width)
    {
        byte[] pixels = new byte[channels * height * width];
        new Random(channels * height + width).NextBytes(pixels);
        (int readChannels, int readHeight, int readWidth, byte[]? read) = Decode(PngEncoder.Encode(pixels, channels, height, width));

        Assert.Equal((channels, height, width), (readChannels, readHeight, readWidth));
        Assert.Equal(pixels, read);
    }

    [Fact]
    public void EndsWithTheChunkThatEveryPngEndsWith() =>
        Assert.EndsWith("0000000049454E44AE426082", Convert.ToHexString(PngEncoder.Encode([7], 1, 1, 1)));

    [Theory]
    [InlineData(2, 1, 1, 2)]
    [InlineData(1, 0, 1, 0)]
    [InlineData(1, 2, 2, 3)]
    public void RefusesPixelsThatDoNotFillThePicture(int channels, int height, int width, int bytes)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => PngEncoder.Encode(new byte[bytes], channels, height, width));
        Assert.Contains($"Received: shape [{channels}, {height}, {width}], {bytes} bytes.", e.Message);
    }

    [Fact]
    public void ThumbnailsAverageTheirPixels()
    {
        // 160 × 2, left half black, right half 100: halved, with the same two halves.
        byte[] pixels = [.. Enumerable.Range(0, 320).Select(i => (byte)(i % 160 < 80 ? 0 : 100))];
        PredictedExample example = new() { Index = 0, Label = 0, Predicted = 0, Confidence = 1, Shape = [1, 2, 160], Pixels = pixels };
        string uri = Thumbnail.DataUri(example);
        Assert.StartsWith("data:image/png;base64,", uri);
        (int _, int height, int width, byte[]? read) = Decode(Convert.FromBase64String(uri["data:image/png;base64,".Length..]));

        Assert.Equal((1, 80), (height, width));
        Assert.Equal([.. Enumerable.Range(0, 80).Select(x => (byte)(x < 40 ? 0 : 100))], read);
    }

    // Written from the specification's text, bit by bit where the encoder uses a table.
    static (int Channels, int Height, int Width, byte[] Planes) Decode(byte[] file)
    {
        Assert.Equal("89504E470D0A1A0A", Convert.ToHexString(file.AsSpan(0, 8)));
        List<(string Type, byte[] Data)> chunks = [];
        int at = 8;
        while (at < file.Length)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            ReadOnlySpan<byte> checkedPart = file.AsSpan(at + 4, 4 + length);
            uint crc = 0xFFFFFFFF;
            foreach (byte value in checkedPart)
            {
                crc ^= value;
                for (int bit = 0; bit < 8; bit++)
                {
                    crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
                }
            }
            Assert.Equal(~crc, BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)));
            chunks.Add((Encoding.ASCII.GetString(checkedPart[..4]), checkedPart[4..].ToArray()));
            at += 12 + length;
        }
        Assert.Equal(["IHDR", "IDAT", "IEND"], chunks.Select(chunk => chunk.Type));

        byte[] header = chunks[0].Data;
        int width = BinaryPrimitives.ReadInt32BigEndian(header);
        int height = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
        Assert.Equal(8, header[8]);
        int channels = header[9] switch { 0 => 1, 2 => 3, _ => throw new InvalidDataException($"colour type {header[9]}") };

        using MemoryStream inflated = new();
        using (ZLibStream deflate = new(new MemoryStream(chunks[1].Data), CompressionMode.Decompress))
        {
            deflate.CopyTo(inflated);
        }

        byte[] rows = inflated.ToArray();
        Assert.Equal(height * (1 + channels * width), rows.Length);
        byte[] planes = new byte[channels * height * width];
        for (int y = 0; y < height; y++)
        {
            int row = y * (1 + channels * width);
            Assert.Equal(0, rows[row]);
            for (int x = 0; x < width; x++)
            {
                for (int c = 0; c < channels; c++)
                {
                    planes[(c * height + y) * width + x] = rows[row + 1 + x * channels + c];
                }
            }
        }
        return (channels, height, width, planes);
    }
}
