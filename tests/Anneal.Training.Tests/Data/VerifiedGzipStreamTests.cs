using System.IO.Compression;
using Anneal.Testing;
using Anneal.Torch.Serialization;
using Anneal.Training.Data.Idx;
using Anneal.Training.Tests.Data.Idx;

namespace Anneal.Training.Tests.Data;

/// <summary>Compressed data is read whole and right, or refused: seen through the one reader that takes it.</summary>
public sealed class VerifiedGzipStreamTests
{
    static readonly byte[] Pixels = RandomBytes(240);
    static readonly byte[] Plain = IdxFileTests.File(IdxType.U8, [10, 6, 4], Pixels);

    public static TheoryData<string> Kinds => ["packed", "stored", "two members", "all fields"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ReadsWholeData(string kind) => Assert.Equal(Pixels, Read(Make(kind)).ToArray());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void DamageGivesAnErrorOrTheRightArray(string kind)
    {
        byte[] whole = Make(kind);
        (int refused, IReadOnlyList<string> accepted) = Damage.Check<InvalidFileException>(whole, bytes =>
        {
            IdxFile file = Read(bytes);
            Assert.Equal([10, 6, 4], file.Shape.AsEnumerable());
            Assert.Equal(Pixels, file.ToArray());
        });

        // Most changes of most bytes, of which fields such as the time and the file's name are free; and every length but the whole one.
        Assert.True(refused > 240 * 9);
        Assert.DoesNotContain(accepted, what => what.StartsWith("cut off", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public void ATrailerThatIsCutOffIsNotTakenForTheEnd(int missing)
    {
        byte[] stored = Make("stored");
        Assert.Contains("was cut off", Assert.Throws<InvalidFileException>(() => Read(stored[..^missing])).Message);

        // Nothing but the trailer tells that a byte of a stored block was changed.
        stored[^20] ^= 1;
        Assert.Contains("must be whole gzip data", Assert.Throws<InvalidFileException>(() => Read(stored[..^missing])).Message);
        Assert.Contains("is damaged", Assert.Throws<InvalidFileException>(() => Read(stored)).Message);
    }

    [Fact]
    public void EveryMemberIsChecked()
    {
        byte[] first = IdxFileTests.Compress(Plain[..100]);
        byte[] second = IdxFileTests.Compress(Plain[100..]);
        first[^8] ^= 1;

        Assert.Contains("is damaged", Assert.Throws<InvalidFileException>(() => Read([.. first, .. second])).Message);
    }

    [Fact]
    public void ZerosMayFillUpTheEnd() => Assert.Equal(Pixels, Read([.. Make("packed"), .. new byte[512]]).ToArray());

    [Fact]
    public void ManySmallMembersAreOneFile()
    {
        byte[] members = [.. Plain.Chunk(3).SelectMany(chunk => IdxFileTests.Compress(chunk))];

        Assert.Equal(Pixels, Read(members).ToArray());
    }

    static byte[] Make(string kind) => kind switch
    {
        "packed" => IdxFileTests.Compress(Plain),
        "stored" => IdxFileTests.Compress(Plain, CompressionLevel.NoCompression),
        "two members" => [.. IdxFileTests.Compress(Plain[..100]), .. IdxFileTests.Compress(Plain[100..], CompressionLevel.NoCompression)],
        _ => WithAllFields(IdxFileTests.Compress(Plain)),
    };

    // Extra bytes, a file name, a comment, and a checksum of the header (RFC 1952, section 2.3).
    static byte[] WithAllFields(byte[] usual)
    {
        byte[] head = [.. usual[..3], 0b11111, .. usual[4..10], 3, 0, 1, 2, 3, .. "images\0"u8, .. "made for a test\0"u8];
        // The header's checksum is the lower half of what a trailer would say of the header as data.
        byte[] checksum = IdxFileTests.Compress(head)[^8..^6];
        return [.. head, .. checksum, .. usual[10..]];
    }

    static byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    static IdxFile Read(byte[] bytes) => IdxFile.Read(new MemoryStream(bytes), "test-idx");
}
