using Anneal.Testing;
using Anneal.Torch.Serialization;
using static Anneal.Torch.Tests.Serialization.SafetensorsTests;

namespace Anneal.Torch.Tests.Serialization;

public class HostileSafetensorsTests
{
    static readonly SafetensorsTensor[] Tensors =
    [
        Tensor("layer.weight", SafetensorsType.F32, [2, 3], Bytes([1, 2, 3, 4, 5, 6])),
        Tensor("layer.bias", SafetensorsType.BF16, [2], [1, 2, 3, 4]),
    ];

    static readonly Dictionary<string, string> State = new() { ["state"] = "{\"step\":7}" };

    [Fact]
    public void WithHashesEveryDamageIsFoundOrHarmless()
    {
        (int refused, IReadOnlyList<string> accepted) = Damage.Check<InvalidFileException>(Write(Tensors, State), bytes =>
        {
            using SafetensorsFile file = Open(bytes);
            Assert.True(file.HasHashes);
            Assert.Equal("{\"step\":7}", file.Metadata["state"]);
            Assert.Equal(2, file.Entries.Count);
            Assert.Equal([2L, 3], file.Entry("layer.weight").Shape.AsEnumerable());
            Assert.Equal(Bytes([1, 2, 3, 4, 5, 6]), Read(file, "layer.weight"));
            Assert.Equal(SafetensorsType.BF16, file.Entry("layer.bias").Type);
            Assert.Equal([1, 2, 3, 4], Read(file, "layer.bias"));
            file.Verify();
        });

        Assert.True(refused > 5000);
        // One white space for another in the padding.
        Assert.True(accepted.Count < 16, string.Join("; ", accepted));
    }

    [Fact]
    public void WithoutHashesEveryDamageGivesAnErrorOrAWellFormedFile()
    {
        (int refused, _) = Damage.Check<InvalidFileException>(Write(Tensors, State, hashes: false), bytes =>
        {
            using SafetensorsFile file = Open(bytes);
            Assert.Equal(28, file.Entries.Values.Sum(entry => entry.ByteLength));
            foreach (string name in file.Entries.Keys)
            {
                Read(file, name);
            }
        });

        Assert.True(refused > 1000);
    }

    [Theory]
    [InlineData("many tensors")]
    [InlineData("many dimensions")]
    [InlineData("many metadata entries")]
    [InlineData("escapes")]
    [InlineData("one escape in a long text")]
    [InlineData("a long name")]
    [InlineData("a long type")]
    [InlineData("a long number")]
    [InlineData("deep arrays")]
    [InlineData("a tensor of exabytes")]
    public void AHeaderMadeToCostMemoryDoesNot(string kind)
    {
        byte[] bytes = SafetensorsTests.File(Header(kind), []);
        using MemoryStream stream = new(bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using SafetensorsFile file = SafetensorsFile.Open(stream, "hostile");
        }
        catch (InvalidFileException e)
        {
            Assert.True(e.Message.Length < 1000);
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(allocated <= (4L * bytes.Length) + (16 << 20), $"{allocated} bytes for {bytes.Length}");
    }

    static string Header(string kind)
    {
        const int length = 4_500_000;
        return kind switch
        {
            "many tensors" => Object(Entries("0")),
            "many dimensions" => Object(Entries(string.Join(',', Enumerable.Repeat("0", SafetensorsHeader.MostDimensions)))),
            "many metadata entries" => Metadata(Enumerable.Range(0, 200_000).Select(i => $"\"{i:x}\":\"\"")),
            "escapes" => Metadata([$"\"x\":\"{string.Concat(Enumerable.Repeat("\\n", length / 2))}\""]),
            "one escape in a long text" => Metadata([$"\"x\":\"\\n{new string('x', length)}\""]),
            "a long name" => Object([Entry(new string('n', length), "U8", "0", "0")]),
            "a long type" => Object([Entry("a", new string('n', length), "0", "0")]),
            "a long number" => Object([Entry("a", "U8", new string('1', length), "0")]),
            "deep arrays" => "{\"a\":" + new string('[', length),
            "a tensor of exabytes" => Object([Entry("a", "U8", "4611686018427387904", "4611686018427387904")]),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    static IEnumerable<string> Entries(string shape) => Enumerable.Range(0, SafetensorsHeader.MostEntries).Select(i => Entry($"{i:x}", "U8", shape, "0"));

    static string Entry(string name, string type, string shape, string end) => $"\"{name}\":{{\"dtype\":\"{type}\",\"shape\":[{shape}],\"data_offsets\":[0,{end}]}}";

    static string Object(IEnumerable<string> members) => "{" + string.Join(',', members) + "}";

    static string Metadata(IEnumerable<string> members) => Object(["\"__metadata__\":" + Object(members)]);
}
