using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Anneal.Torch.Serialization;

namespace Anneal.Torch.Tests.Serialization;

public class SafetensorsTests
{
    static readonly float[] Numbers = [0, 1, 2, 3, 4, 5];

    [Fact]
    public void WritesTheReferenceLayout()
    {
        // The layout that the reference implementation (huggingface/safetensors, tensor.rs, forced alignment test) fixes.
        const string header = """{"attn0":{"dtype":"F32","shape":[1,1,2,3],"data_offsets":[0,24]}}       """;
        byte[] expected = [72, 0, 0, 0, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(header), .. MemoryMarshal.AsBytes(Numbers)];

        Assert.Equal(expected, Write([Tensor("attn0", SafetensorsType.F32, [1, 1, 2, 3], Bytes(Numbers))], hashes: false));
    }

    [Fact]
    public void WritesAnEmptyFileAsTheReferenceDoes()
    {
        Assert.Equal([8, 0, 0, 0, 0, 0, 0, 0, .. "{}      "u8], Write([], hashes: false));
        Assert.Equal(
            [40, 0, 0, 0, 0, 0, 0, 0, .. """{"__metadata__":{"framework":"pt"}}     """u8],
            Write([], new() { ["framework"] = "pt" }, hashes: false));
    }

    [Fact]
    public void OrdersByTypeThenByName()
    {
        SafetensorsType[] types = Enum.GetValues<SafetensorsType>();
        byte[] file = Write(types.SelectMany(type => new[] { "b", "a" }.Select(name => Tensor($"{name}.{type}", type, [8], new byte[SafetensorsTypes.BitSize(type)]))));
        using SafetensorsFile read = Open(file);

        Assert.Equal(
            [
                "U64", "I64", "F64", "C64", "F32", "U32", "I32", "BF16", "F16", "U16", "I16",
                "F8E8M0", "F8E4M3", "F8E5M2", "I8", "U8", "F6E3M2", "F6E2M3", "F4", "Bool",
            ],
            read.Entries.Values.OrderBy(entry => entry.Begin).Where(entry => entry.Name[0] == 'a').Select(entry => entry.Type.ToString()));
        Assert.All(read.Entries.Values, entry => Assert.Equal(0, entry.Begin * 8 % SafetensorsTypes.BitSize(entry.Type)));
        Assert.Equal(read.Entries["a.I64"].End, read.Entries["b.I64"].Begin);
    }

    [Theory]
    [InlineData(SafetensorsType.F4, 1, false)]
    [InlineData(SafetensorsType.F4, 2, true)]
    [InlineData(SafetensorsType.F6E3M2, 2, false)]
    [InlineData(SafetensorsType.F6E2M3, 4, true)]
    public void PartsOfBytesMustFillThem(SafetensorsType type, long count, bool fills)
    {
        Assert.Equal(fills, SafetensorsTypes.ByteSize(type, [count]) is not null);
        Assert.Null(SafetensorsTypes.ByteSize(type, [long.MaxValue, long.MaxValue]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ReadsWhatItWrote(bool hashes)
    {
        Dictionary<string, string> metadata = new() { ["format"] = "pt", ["state"] = "{\"step\":7,\"text\":\"äöü \\ \n\"}" };
        byte[] file = Write(
            [
                Tensor("weight", SafetensorsType.F32, [2, 3], Bytes(Numbers)),
                Tensor("naïve \"name\"", SafetensorsType.U8, [], [42]),
                Tensor("nothing", SafetensorsType.I64, [0, 5], []),
            ],
            metadata,
            hashes);
        using SafetensorsFile read = Open(file);

        Assert.Equal(hashes, read.HasHashes);
        Assert.Equal(metadata["state"], read.Metadata["state"]);
        Assert.Equal(hashes ? 2 + 3 + 1 : 2, read.Metadata.Count);
        Assert.Equal([2L, 3], read.Entries["weight"].Shape.AsEnumerable());
        Assert.Equal(Numbers, MemoryMarshal.Cast<byte, float>(Read(read, "weight")).ToArray());
        Assert.Equal([42], Read(read, "naïve \"name\""));
        Assert.Empty(Read(read, "nothing"));
        Assert.Equal(0, (8 + BinaryPrimitives.ReadInt64LittleEndian(file)) % 8);
    }

    [Fact]
    public void ReadsAHeaderWithoutPaddingAndInAnyOrder()
    {
        using SafetensorsFile read = Open(File("""{"b":{"data_offsets":[1,3],"shape":[2],"dtype":"BOOL"}, "a":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}}""", [9, 1, 0]));

        Assert.Equal([9], Read(read, "a"));
        Assert.Equal([1, 0], Read(read, "b"));
    }

    [Theory]
    [InlineData("", 0, "must open with '{'")]
    [InlineData(" {}", 0, "must open with '{'")]
    [InlineData("[]", 0, "must open with '{'")]
    [InlineData("{", 0, "must be valid JSON")]
    [InlineData("{}x", 0, "must be valid JSON")]
    [InlineData("{}{}", 0, "must be valid JSON")]
    [InlineData("{}", 1, "must end where the file ends")]
    [InlineData("""{"a":1}""", 0, "Received: Number in 'a'")]
    [InlineData("""{"a":{"dtype":"U8","shape":[[1]],"data_offsets":[0,1]}}""", 1, "must be valid JSON")]
    [InlineData("""{"a":{"dtype":{"x":{"y":{}}},"shape":[1],"data_offsets":[0,1]}}""", 1, "Received: StartObject in 'a'")]
    [InlineData("""{"":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "must not be empty")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1]}}""", 1, "'a' does not")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}}""", 1, "'a' does not")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}}""", 1, "'a' does not")]
    [InlineData("""{"a":{"dtype":"U9","shape":[1],"data_offsets":[0,1]}}""", 1, "must be one of BOOL, F4")]
    [InlineData("""{"a":{"dtype":"u8","shape":[1],"data_offsets":[0,1]}}""", 1, "must be one of BOOL, F4")]
    [InlineData("""{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}""", 1, "must be whole numbers from 0")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}""", 1, "must be whole numbers from 0")]
    [InlineData("""{"a":{"dtype":"U8","shape":[18446744073709551616],"data_offsets":[0,1]}}""", 1, "must be whole numbers from 0")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "must span its elements")]
    [InlineData("""{"a":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}}""", 0, "must span its elements")]
    [InlineData("""{"a":{"dtype":"I32","shape":[2,2],"data_offsets":[0,4]}}""", 4, "must span its elements")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}""", 1, "must span its elements")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"more":1}}""", 1, "nothing else")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"shape":[1],"data_offsets":[0,1]}}""", 1, "each once, and nothing else")]
    [InlineData("""{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\u0061":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "Received twice: 'a'")]
    [InlineData("""{"__metadata__":{"x":"1","x":"2"}}""", 0, "Received twice: 'x'")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0, "Received twice: '__metadata__'")]
    [InlineData("""{"__metadata__":{"x":1}}""", 0, "Received: Number in 'x'")]
    [InlineData("""{"__metadata__":{"x":"\ud800"}}""", 0, "must be valid JSON")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "without hole or overlap")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", 3, "without hole or overlap")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}""", 3, "without hole or overlap")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "without hole or overlap")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", 1, "must end where the file ends")]
    public void RefusesAHeaderThatBreaksARule(string header, int dataLength, string rule)
    {
        InvalidFileException e = Assert.Throws<InvalidFileException>(() => Open(File(header, new byte[dataLength])));

        Assert.Contains(rule, e.Message);
        Assert.StartsWith("test.safetensors: ", e.Message);
    }

    [Fact]
    public void RefusesTextThatIsNotUnicode()
    {
        byte[] file = File("""{"__metadata__":{"x":"?"}}""", []);
        file[^4] = 0xFF;

        Assert.Contains("must be valid JSON", Assert.Throws<InvalidFileException>(() => Open(file)).Message);
    }

    [Theory]
    [InlineData(61L)]
    [InlineData(100_000_001L)]
    [InlineData(long.MaxValue)]
    [InlineData(-1L)]
    public void RefusesAHeaderLengthBeyondTheFile(long length)
    {
        byte[] file = File("""{"test":{"dtype":"I32","shape":[2,2],"data_offsets":[0,16]}} """, new byte[16]);
        BinaryPrimitives.WriteInt64LittleEndian(file, length == 61 ? 61 + 17 : length);

        Assert.Contains("must be at most 100000000 bytes long and end within the file", Assert.Throws<InvalidFileException>(() => Open(file)).Message);
    }

    [Fact]
    public void RefusesMoreDimensionsThanAnyTensorHas()
    {
        string shape = string.Join(",", Enumerable.Repeat("1", SafetensorsHeader.MostDimensions + 1));

        byte[] file = File("{\"a\":{\"dtype\":\"U8\",\"shape\":[" + shape + "],\"data_offsets\":[0,1]}}", [1]);

        Assert.Contains("at most 64 dimensions", Assert.Throws<InvalidFileException>(() => Open(file)).Message);
    }

    [Fact]
    public void NamesTheTensorWhoseBytesChanged()
    {
        byte[] file = Write([Tensor("good", SafetensorsType.F64, [1], new byte[8]), Tensor("bad", SafetensorsType.F32, [6], Bytes(Numbers))]);
        file[^1] ^= 1;
        using SafetensorsFile read = Open(file);

        Assert.Equal(new byte[8], Read(read, "good"));
        Assert.Contains("'bad' has", Assert.Throws<InvalidFileException>(() => Read(read, "bad")).Message);
        Assert.Contains("'bad' has", Assert.Throws<InvalidFileException>(read.Verify).Message);
    }

    [Fact]
    public void VerifiesAFileThatIsAsWritten()
    {
        using SafetensorsFile read = Open(Write([Tensor("large", SafetensorsType.U8, [200_000], new byte[200_000])]));

        read.Verify();
    }

    [Fact]
    public void SaysWhichTensorsThereAre()
    {
        using SafetensorsFile read = Open(Write([Tensor("weight", SafetensorsType.F32, [6], Bytes(Numbers))]));

        Assert.Contains("No tensor named 'bias'. The file holds 1: weight.", Assert.Throws<InvalidFileException>(() => read.Entry("bias")).Message);
    }

    [Fact]
    public void RefusesToWriteWhatItCouldNotReadBack()
    {
        Assert.Throws<ArgumentException>(() => Tensor("", SafetensorsType.U8, [1], [1]));
        Assert.Throws<ArgumentException>(() => Tensor("__metadata__", SafetensorsType.U8, [1], [1]));
        Assert.Throws<ArgumentException>(() => Tensor("a", SafetensorsType.U8, [-1], [1]));
        Assert.Throws<ArgumentException>(() => Write([Tensor("a", SafetensorsType.U8, [2], [1])]));
        Assert.Throws<ArgumentException>(() => Write([Tensor("a", SafetensorsType.U8, [1], [1]), Tensor("a", SafetensorsType.U8, [1], [1])]));
        Assert.Throws<ArgumentException>(() => Write([Tensor("\ud800", SafetensorsType.U8, [1], [1])]));
        Assert.Throws<ArgumentException>(() => Write([], new() { ["sha256"] = "mine" }));
        Assert.Throws<ArgumentException>(() => Write([Tensor("a", SafetensorsType.U8, [long.MaxValue, 2], [1])]));
    }

    internal static byte[] Write(IEnumerable<SafetensorsTensor> tensors, Dictionary<string, string>? metadata = null, bool hashes = true)
    {
        using MemoryStream stream = new();
        SafetensorsWriter.Write(stream, tensors, metadata, hashes);
        return stream.ToArray();
    }

    internal static SafetensorsTensor Tensor(string name, SafetensorsType type, long[] shape, byte[] bytes) => SafetensorsTensor.Of(name, type, shape, bytes);

    internal static SafetensorsFile Open(byte[] file) => SafetensorsFile.Open(new MemoryStream(file), "test.safetensors");

    internal static byte[] Read(SafetensorsFile file, string name)
    {
        byte[] bytes = new byte[file.Entry(name).ByteLength];
        file.Read(file.Entry(name), bytes);
        return bytes;
    }

    internal static byte[] File(string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. data];
    }

    internal static byte[] Bytes(float[] numbers) => MemoryMarshal.AsBytes<float>(numbers).ToArray();
}
