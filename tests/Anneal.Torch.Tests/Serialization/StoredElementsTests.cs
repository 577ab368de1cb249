using System.Runtime.InteropServices;
using Anneal.Testing;
using Anneal.Torch.Serialization;

namespace Anneal.Torch.Tests.Serialization;

/// <summary>Files of other programs hold types that libtorch 1.13 has not: what holds their values is made of them.</summary>
public sealed class StoredElementsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    string File => folder.File("tensors.safetensors");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void UnsignedNumbersKeepTheirValues()
    {
        Write(
            Of<ushort>("u16", SafetensorsType.U16, [0, 1, ushort.MaxValue]),
            Of<uint>("u32", SafetensorsType.U32, [0, 1, uint.MaxValue]),
            Of<ulong>("u64", SafetensorsType.U64, [0, 1, long.MaxValue]));
        using LoadedTensors loaded = TensorFile.Load(File);
        Assert.Equal([0, 1, ushort.MaxValue], loaded.Tensors["u16"].ToArray<int>());
        Assert.Equal([0, 1, uint.MaxValue], loaded.Tensors["u32"].ToArray<long>());
        Assert.Equal([0, 1, long.MaxValue], loaded.Tensors["u64"].ToArray<long>());
    }

    [Fact]
    public void ANumberThatFitsNoTensorIsRefusedByName()
    {
        Write(Of<ulong>("large", SafetensorsType.U64, [ulong.MaxValue]));
        Assert.Contains(
            "at most 9223372036854775807. Received: 18446744073709551615 in 'large'",
            Assert.Throws<InvalidFileException>(() => TensorFile.Load(File)).Message);
    }

    // Micikevicius et al., "FP8 formats for deep learning", 2022, table 1: zero, the smallest, the largest of the subnormal and
    // of the normal numbers, infinity or not a number.
    [Theory]
    [InlineData(SafetensorsType.F8E4M3, 0x00, 0)]
    [InlineData(SafetensorsType.F8E4M3, 0x01, 0.001953125)]
    [InlineData(SafetensorsType.F8E4M3, 0x07, 0.875 * 0.015625)]
    [InlineData(SafetensorsType.F8E4M3, 0x08, 0.015625)]
    [InlineData(SafetensorsType.F8E4M3, 0x38, 1)]
    [InlineData(SafetensorsType.F8E4M3, 0x7E, 448)]
    [InlineData(SafetensorsType.F8E4M3, 0xFE, -448)]
    [InlineData(SafetensorsType.F8E4M3, 0x7F, float.NaN)]
    [InlineData(SafetensorsType.F8E4M3, 0xFF, float.NaN)]
    [InlineData(SafetensorsType.F8E5M2, 0x01, 0.0000152587890625)]
    [InlineData(SafetensorsType.F8E5M2, 0x04, 0.00006103515625)]
    [InlineData(SafetensorsType.F8E5M2, 0x7B, 57344)]
    [InlineData(SafetensorsType.F8E5M2, 0xFC, float.NegativeInfinity)]
    [InlineData(SafetensorsType.F8E5M2, 0x7D, float.NaN)]
    [InlineData(SafetensorsType.F8E8M0, 127, 1)]
    [InlineData(SafetensorsType.F8E8M0, 0, 5.877471754111438e-39f)]
    [InlineData(SafetensorsType.F8E8M0, 254, 1.7014118346046923e38f)]
    [InlineData(SafetensorsType.F8E8M0, 255, float.NaN)]
    public void EightBitsAreTheNumberThatTheFormatSays(SafetensorsType type, byte bits, float value)
    {
        Write(Of<byte>("weight", type, [bits]));
        using LoadedTensors loaded = TensorFile.Load(File);
        Assert.Equal(value, loaded.Tensors["weight"].ToArray<float>()[0]);
    }

    [Theory]
    [InlineData(SafetensorsType.C64, "C64", 8)]
    [InlineData(SafetensorsType.F4, "F4", 4)]
    [InlineData(SafetensorsType.F6E2M3, "F6_E2M3", 6)]
    public void ATypeThatNoTensorHasIsRefusedOnlyWhereItIsUsed(SafetensorsType type, string text, int bytes)
    {
        Write(SafetensorsTensor.Of("odd", type, [bytes * 8 / BitSize(type)], new byte[bytes]), Of<float>("weight", SafetensorsType.F32, [2.5f]));
        using Tensor weight = Tensor.Zeros([1]);
        using Tensor odd = Tensor.Zeros([1]);
        Assert.Equal(2.5, LoadedWeight());
        TensorFile.LoadInto(File, [new("weight", weight)], strict: false);
        Assert.Equal(2.5, weight.ToArray<float>()[0]);
        string message = $"A tensor here cannot be of type {text}. Received: 'odd', which is.";
        Assert.Contains(message, Assert.Throws<InvalidFileException>(() => TensorFile.Load(File)).Message);
        Assert.Contains(message, Assert.Throws<InvalidFileException>(() => TensorFile.LoadInto(File, [new("odd", odd)], strict: false)).Message);
        using SafetensorsFile file = SafetensorsFile.Open(File);
        Assert.Equal(type, file.Entry("odd").Type);
        file.Verify();
    }

    double LoadedWeight()
    {
        using LoadedTensors loaded = TensorFile.Load(File, ["weight"]);
        Assert.Single(loaded.Tensors);
        return loaded.Tensors["weight"].ToArray<float>()[0];
    }

    static int BitSize(SafetensorsType type) => type == SafetensorsType.C64 ? 64 : type == SafetensorsType.F4 ? 4 : 6;

    static SafetensorsTensor Of<T>(string name, SafetensorsType type, T[] values) where T : unmanaged =>
        SafetensorsTensor.Of(name, type, [values.Length], MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    void Write(params SafetensorsTensor[] tensors)
    {
        using FileStream file = System.IO.File.Create(File);
        SafetensorsWriter.Write(file, tensors, new Dictionary<string, string>(), hashes: true);
    }
}
