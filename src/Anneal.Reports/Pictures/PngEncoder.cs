using System.Buffers.Binary;
using System.IO.Compression;

namespace Anneal.Reports.Pictures;

/// <summary>Pixels as a PNG file: 8 bits a sample, grey or RGB, no filter (PNG specification, third edition).</summary>
static class PngEncoder
{
    static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    static readonly uint[] CrcTable = MakeCrcTable();

    /// <param name="planes">Channel by channel, row by row, as <see cref="Metrics.PredictedExample.Pixels"/> holds them.</param>
    /// <param name="channels">1 for grey, 3 for red, green, blue.</param>
    /// <param name="height">Rows, from 1.</param>
    /// <param name="width">Pixels in a row, from 1.</param>
    public static byte[] Encode(ReadOnlySpan<byte> planes, int channels, int height, int width)
    {
        if (channels is not (1 or 3) || height < 1 || width < 1 || planes.Length != (long)channels * height * width)
        {
            throw new ArgumentException(
                $"A picture must have 1 or 3 channels, a positive size and a byte for every sample. Received: shape [{channels}, {height}, {width}], {planes.Length} bytes.");
        }

        using MemoryStream file = new();
        file.Write(Signature);

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = (byte)(channels == 1 ? 0 : 2);
        header[10..].Clear();
        WriteChunk(file, "IHDR"u8, header);

        using (MemoryStream compressed = new())
        {
            using (ZLibStream deflate = new(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
            {
                byte[] row = new byte[1 + channels * width];
                int plane = height * width;
                for (int y = 0; y < height; y++)
                {
                    for (int x = 0; x < width; x++)
                    {
                        for (int c = 0; c < channels; c++)
                        {
                            row[1 + x * channels + c] = planes[c * plane + y * width + x];
                        }
                    }

                    deflate.Write(row);
                }
            }
            WriteChunk(file, "IDAT"u8, compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
        }
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(data, Crc(type, uint.MaxValue)));
        file.Write(number);
    }

    // CRC-32 as in Annex D of the specification: polynomial 0xEDB88320, reflected.
    static uint Crc(ReadOnlySpan<byte> data, uint crc)
    {
        foreach (byte value in data)
        {
            crc = CrcTable[(crc ^ value) & 0xFF] ^ (crc >> 8);
        }

        return crc;
    }

    static uint[] MakeCrcTable()
    {
        uint[] table = new uint[256];
        for (uint n = 0; n < 256; n++)
        {
            uint c = n;
            for (int bit = 0; bit < 8; bit++)
            {
                c = (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
            }

            table[n] = c;
        }
        return table;
    }
}
