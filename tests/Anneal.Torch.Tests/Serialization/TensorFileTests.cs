using System.Runtime.CompilerServices;
using Anneal.Testing;
using Anneal.Torch.Serialization;

namespace Anneal.Torch.Tests.Serialization;

public sealed class TensorFileTests : IDisposable
{
    // What make_reference.py wrote from the format's description.
    static readonly string Reference = Beside("reference.safetensors");
    static readonly double[] Numbers = [0, 1, -2.5, 3.140625, 100, -0.0078125];

    readonly TemporaryFolder folder = new();

    string File => folder.File("model.safetensors");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ReadsEveryTypeAsPythonWroteIt()
    {
        using LoadedTensors loaded = TensorFile.Load(Reference);

        Assert.Equal(12, loaded.Tensors.Count);
        Assert.Equal("pt", loaded.Metadata["format"]);
        Assert.Equal(Numbers, loaded.Tensors["of.F64"].ToArray<double>());
        Assert.Equal([.. Numbers.Select(number => (float)number)], loaded.Tensors["of.F32"].ToArray<float>());
        Assert.Equal([.. Numbers.Select(number => (Half)number)], loaded.Tensors["of.F16"].ToArray<Half>());
        Assert.Equal([.. Numbers.Select(number => (BFloat16)(float)number)], loaded.Tensors["of.BF16"].ToArray<BFloat16>());
        Assert.Equal([0L, 1, -2, 3, 100, 0], loaded.Tensors["of.I64"].ToArray<long>());
        Assert.Equal([0, 1, -2, 3, 100, 0], loaded.Tensors["of.I32"].ToArray<int>());
        Assert.Equal(new short[] { 0, 1, -2, 3, 100, 0 }, loaded.Tensors["of.I16"].ToArray<short>());
        Assert.Equal(new sbyte[] { 0, 1, -2, 3, 100, 0 }, loaded.Tensors["of.I8"].ToArray<sbyte>());
        Assert.Equal(new byte[] { 0, 1, 2, 3, 100, 0 }, loaded.Tensors["of.U8"].ToArray<byte>());
        Assert.Equal([false, true, true, true, true, true], loaded.Tensors["of.BOOL"].ToArray<bool>());
        Assert.All(loaded.Tensors.Where(named => named.Key.StartsWith("of.", StringComparison.Ordinal)), named => Assert.Equal([2, 3], named.Value.Shape));
        Assert.Empty(loaded.Tensors["one"].Shape);
        Assert.Equal(0.5, loaded.Tensors["one"].ToDouble());
        Assert.Equal([0, 3], loaded.Tensors["nothing"].Shape);
    }

    [Fact]
    public void WritesTheBytesThatPythonWritesAndSoCanRead()
    {
        using LoadedTensors loaded = TensorFile.Load(Reference);
        using MemoryStream written = new();

        TensorFile.Save(written, loaded.Tensors, hashes: false);

        Assert.Equal(System.IO.File.ReadAllBytes(Reference), written.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ReadsWhatItWrote(bool hashes)
    {
        using TensorScope scope = new();
        Tensor rows = Tensor.Range(24).To(DType.Float32).Reshape(1, 3, 2, 4);
        Tensor image = rows.Contiguous(MemoryFormat.ChannelsLast);
        image.RequiresGradient = true;

        TensorFile.Save(File, [new("image", image), new("turned", rows.Permute(3, 2, 1, 0))], new Dictionary<string, string> { ["state"] = "{}" }, hashes);
        using LoadedTensors loaded = TensorFile.Load(File);

        Assert.Equal(rows.ToArray<float>(), loaded.Tensors["image"].ToArray<float>());
        Assert.Equal([4, 2, 3, 1], loaded.Tensors["turned"].Shape);
        Assert.Equal(rows.Permute(3, 2, 1, 0).ToArray<float>(), loaded.Tensors["turned"].ToArray<float>());
        Assert.Equal(["format", "state"], loaded.Metadata.Keys.Order());
    }

    [Fact]
    public void WhatWasLoadedCanBeSavedAgainWithItsMetadata()
    {
        using Tensor x = Tensor.Ones([2]);
        TensorFile.Save(File, [new("x", x)], new Dictionary<string, string> { ["step"] = "7" });
        byte[] first = System.IO.File.ReadAllBytes(File);
        using LoadedTensors loaded = TensorFile.Load(File);

        TensorFile.Save(File, loaded.Tensors, loaded.Metadata);

        Assert.Equal(first, System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public void LoadedTensorsOutliveTheScopeTheyWereLoadedIn()
    {
        LoadedTensors loaded;
        using (new TensorScope())
        {
            loaded = TensorFile.Load(Reference);
        }
        using (loaded)
        {
            Assert.Equal(0.5, loaded.Tensors["one"].ToDouble());
        }
    }

    [Fact]
    public void DamageIsNoticedAndLeavesNoTensor()
    {
        using Tensor x = Tensor.Ones([4]);
        TensorFile.Save(File, [new("a", x), new("b", x)]);
        byte[] bytes = System.IO.File.ReadAllBytes(File);
        bytes[^1] ^= 1;
        System.IO.File.WriteAllBytes(File, bytes);

        Assert.Contains("'b'", Assert.Throws<InvalidFileException>(() => TensorFile.Load(File)).Message);
    }

    [Fact]
    public void AByteThatIsNoTruthValueIsRefused()
    {
        byte[] bytes = System.IO.File.ReadAllBytes(Reference);
        bytes[^1] = 2;
        System.IO.File.WriteAllBytes(File, bytes);

        Assert.Contains("0 or 1. Received another byte in 'of.BOOL'", Assert.Throws<InvalidFileException>(() => TensorFile.Load(File)).Message);
    }

    [Fact]
    public void LoadsIntoTensorsOfAnyLayoutAndPrecision()
    {
        using TensorScope scope = new();
        Tensor rows = Tensor.Range(24).To(DType.Float64).Reshape(1, 3, 2, 4);
        TensorFile.Save(File, [new("weight", rows), new("count", Tensor.From([7L]))], new Dictionary<string, string> { ["step"] = "3" });
        Tensor weight = Tensor.Zeros([1, 3, 2, 4]).Contiguous(MemoryFormat.ChannelsLast);
        weight.RequiresGradient = true;
        Tensor count = Tensor.From([0L]);

        IReadOnlyDictionary<string, string> metadata = TensorFile.LoadInto(File, [new("weight", weight), new("count", count)]);

        Assert.Equal("3", metadata["step"]);
        Assert.Equal(rows.ToArray<double>(), weight.To(DType.Float64).ToArray<double>());
        Assert.True(weight.IsChannelsLast);
        Assert.True(weight.RequiresGradient);
        Assert.Equal(7, count.ToInt64());
    }

    [Fact]
    public void MissingAndUnexpectedNamesAreListedAndNothingChanges()
    {
        using TensorScope scope = new();
        TensorFile.Save(File, [new("body", Tensor.Ones([1])), new("head.old", Tensor.Ones([1]))]);
        Tensor body = Tensor.Zeros([1]);

        InvalidFileException refused = Assert.Throws<InvalidFileException>(() =>
            TensorFile.LoadInto(File, [new("body", body), new("head.new", Tensor.Zeros([1]))]));

        Assert.EndsWith("Missing: head.new. Unexpected: head.old.", refused.Message);
        Assert.Equal(0, body.ToDouble());
    }

    [Fact]
    public void LoadingWhatFitsLeavesOtherNamesAlone()
    {
        using TensorScope scope = new();
        TensorFile.Save(File, [new("body", Tensor.Ones([1])), new("head.old", Tensor.Ones([1]))]);
        Tensor body = Tensor.Zeros([1]);
        Tensor head = Tensor.Zeros([1]);

        TensorFile.LoadInto(File, [new("body", body), new("head.new", head)], strict: false);

        Assert.Equal(1, body.ToDouble());
        Assert.Equal(0, head.ToDouble());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OtherShapesAndTypesAreListedAndNothingChanges(bool strict)
    {
        using TensorScope scope = new();
        TensorFile.Save(File, [new("a", Tensor.Ones([1])), new("b", Tensor.Ones([2, 3])), new("c", Tensor.Ones([1]))]);
        Tensor a = Tensor.Zeros([1]);

        InvalidFileException refused = Assert.Throws<InvalidFileException>(() =>
            TensorFile.LoadInto(File, [new("a", a), new("b", Tensor.Zeros([3, 2])), new("c", Tensor.From([0L]))], strict));

        Assert.Contains("'b' is Float32[2, 3] on cpu in the file and Float32[3, 2] on cpu in the model", refused.Message);
        Assert.Contains("'c' is Float32[1] on cpu in the file and Int64[1] on cpu in the model", refused.Message);
        Assert.Equal(0, a.ToDouble());
    }

    [Fact]
    public void AFailedSaveLeavesTheFileBefore()
    {
        using Tensor x = Tensor.Ones([1]);
        TensorFile.Save(File, [new("x", x)]);
        byte[] before = System.IO.File.ReadAllBytes(File);
        Tensor released = Tensor.Ones([1]);
        released.Dispose();

        Assert.Throws<ObjectDisposedException>(() => TensorFile.Save(File, [new("x", x), new("y", released)]));

        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    static string Beside(string name, [CallerFilePath] string test = "") => Path.Combine(Path.GetDirectoryName(test)!, name);
}
