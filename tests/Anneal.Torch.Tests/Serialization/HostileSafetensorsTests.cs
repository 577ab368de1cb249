using System.Text;
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

    static readonly Dictionary<string, string> Metadata = new() { ["state"] = "{\"step\":7}" };

    [Fact]
    public void WithHashesEveryDamageIsFoundOrHarmless()
    {
        (int refused, IReadOnlyList<string> accepted) = Damage.Check<InvalidFileException>(Write(Tensors, Metadata), bytes =>
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
        (int refused, _) = Damage.Check<InvalidFileException>(Write(Tensors, Metadata, hashes: false), bytes =>
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

    public static TheoryData<string> Headers()
    {
        StringBuilder entries = new("{");
        for (int i = 0; i < SafetensorsHeader.MostEntries; i++)
        {
            entries.Append($"\"{i:x}\":{{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}},");
        }
        string zeros = string.Join(',', Enumerable.Repeat("0", SafetensorsHeader.MostDimensions));
        StringBuilder shapes = new("{");
        for (int i = 0; i < SafetensorsHeader.MostEntries; i++)
        {
            shapes.Append($"\"{i:x}\":{{\"dtype\":\"U8\",\"shape\":[{zeros}],\"data_offsets\":[0,0]}},");
        }
        StringBuilder texts = new("{\"__metadata__\":{");
        for (int i = 0; i < 200_000; i++)
        {
            texts.Append($"\"{i:x}\":\"\",");
        }
        return new()
        {
            entries.ToString().TrimEnd(',') + "}",
            shapes.ToString().TrimEnd(',') + "}",
            texts.ToString().TrimEnd(',') + "}}",
            "{\"__metadata__\":{\"x\":\"" + string.Concat(Enumerable.Repeat("\\n", 2_000_000)) + "\"}}",
            "{\"__metadata__\":{\"x\":\"\\n" + new string('x', 4_500_000) + "\"}}",
            "{\"" + new string('n', 4_000_000) + "\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}",
            "{\"a\":{\"dtype\":\"" + new string('n', 4_000_000) + "\",\"shape\":[0],\"data_offsets\":[0,0]}}",
            "{\"a\":" + new string('[', 4_000_000),
            "{\"a\":{\"dtype\":\"U8\",\"shape\":[" + new string('1', 4_000_000) + "],\"data_offsets\":[0,0]}}",
            "{\"a\":{\"dtype\":\"U8\",\"shape\":[4611686018427387904],\"data_offsets\":[0,4611686018427387904]}}",
        };
    }

    [Theory]
    [MemberData(nameof(Headers), DisableDiscoveryEnumeration = true)]
    public void AHeaderMadeToCostMemoryDoesNot(string header)
    {
        byte[] bytes = SafetensorsTests.File(header, []);
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
}
