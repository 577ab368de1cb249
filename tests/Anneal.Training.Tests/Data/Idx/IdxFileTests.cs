using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Anneal.Testing;
using Anneal.Torch.Serialization;
using Anneal.Training.Data.Idx;

namespace Anneal.Training.Tests.Data.Idx;

public class IdxFileTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ReadsBytes(bool compressed)
    {
        byte[] pixels = [.. Enumerable.Range(0, 2 * 3 * 4).Select(i => (byte)i)];
        IdxFile file = Read(compressed ? Compress(File(IdxType.U8, [2, 3, 4], pixels)) : File(IdxType.U8, [2, 3, 4], pixels));

        Assert.Equal(IdxType.U8, file.Type);
        Assert.Equal([2, 3, 4], file.Shape.AsEnumerable());
        Assert.Equal(pixels, file.ToArray());
    }

    [Fact]
    public void ReadsEveryTypeInThisMachinesByteOrder()
    {
        Assert.Equal([-2], MemoryMarshal.Cast<byte, sbyte>(Read(File(IdxType.I8, [1], [0xFE])).ToArray()).ToArray());
        Assert.Equal([-2, 258], MemoryMarshal.Cast<byte, short>(Read(File(IdxType.I16, [2], [0xFF, 0xFE, 1, 2])).ToArray()).ToArray());
        Assert.Equal([0x01020304], MemoryMarshal.Cast<byte, int>(Read(File(IdxType.I32, [1], [1, 2, 3, 4])).ToArray()).ToArray());
        Assert.Equal([0.5f], MemoryMarshal.Cast<byte, float>(Read(File(IdxType.F32, [1], [0x3F, 0, 0, 0])).ToArray()).ToArray());
        Assert.Equal([-2.0], MemoryMarshal.Cast<byte, double>(Read(File(IdxType.F64, [1], [0xC0, 0, 0, 0, 0, 0, 0, 0])).ToArray()).ToArray());
    }

    [Fact]
    public void ReadsMoreThanOnePiece()
    {
        byte[] bytes = new byte[3_000_001];
        new Random(1).NextBytes(bytes);

        Assert.Equal(bytes, Read(Compress(File(IdxType.U8, [bytes.Length], bytes))).ToArray());
    }

    [Fact]
    public void ReadsAnArrayWithoutElements() => Assert.Empty(Read(File(IdxType.F64, [0, 28, 28], [])).ToArray());

    [Theory]
    [InlineData("", "ends before")]
    [InlineData("0000", "ends before")]
    [InlineData("01000801000000010A", "must open with 00 00, a type")]
    [InlineData("00000701000000010A", "must open with 00 00, a type")]
    [InlineData("000008020000000100", "ends before")]
    [InlineData("00000801000000020A", "declares. Received: 1")]
    [InlineData("00000801000000010A0B", "It goes on")]
    [InlineData("0000080180000000", "must declare at most")]
    [InlineData("00000802FFFFFFFFFFFFFFFF", "must declare at most")]
    [InlineData("00000E017FFFFFFF", "must declare at most")]
    [InlineData("89504E470D0A1A0A", "must open with 00 00, a type")]
    public void RefusesAFileThatBreaksARule(string hexadecimal, string rule)
    {
        byte[] bytes = Convert.FromHexString(hexadecimal);

        Assert.Contains(rule, Assert.Throws<InvalidFileException>(() => Read(bytes)).Message);
        Assert.Contains(rule, Assert.Throws<InvalidFileException>(() => Read(Compress(bytes))).Message);
    }

    [Fact]
    public void DamageToAnUncompressedFileGivesAnErrorOrAWholeArray()
    {
        (int refused, _) = Damage.Check<InvalidFileException>(File(IdxType.U8, [2, 3, 4], new byte[24]), bytes =>
        {
            IdxFile file = Read(bytes);
            Assert.Equal(24, file.ToArray().Length);
        });

        // Each truncation, and nearly each change of the 16 bytes before the elements.
        Assert.True(refused > 40 + (16 * 8));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(20_000_000)]
    public void AFewBytesThatDeclareGigabytesCostWhatTheyHold(int held)
    {
        byte[] bytes = Compress([.. File(IdxType.U8, [2_000_000_000], []), .. new byte[held]]);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<InvalidFileException>(() => Read(bytes));

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= held + (4L * bytes.Length) + (16 << 20), $"{allocated} bytes for {bytes.Length} that hold {held}");
    }

    [Fact]
    public void StopsReadingABombAtWhatItDeclares()
    {
        byte[] bytes = Compress([.. File(IdxType.U8, [100], []), .. new byte[50_000_000]]);
        using MemoryStream stream = new(bytes);

        Assert.Contains("It goes on", Assert.Throws<InvalidFileException>(() => IdxFile.Read(stream, "bomb")).Message);
    }

    internal static byte[] File(IdxType type, int[] shape, byte[] bigEndian)
    {
        byte[] sizes = new byte[4 * shape.Length];
        for (int i = 0; i < shape.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(sizes.AsSpan(4 * i), shape[i]);
        }
        return [0, 0, (byte)type, (byte)shape.Length, .. sizes, .. bigEndian];
    }

    internal static byte[] Compress(byte[] bytes, CompressionLevel level = CompressionLevel.Fastest)
    {
        using MemoryStream stream = new();
        using (GZipStream compressed = new(stream, level))
        {
            compressed.Write(bytes);
        }
        return stream.ToArray();
    }

    static IdxFile Read(byte[] bytes) => IdxFile.Read(new MemoryStream(bytes), "test-idx");
}
