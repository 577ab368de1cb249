namespace Anneal.Torch.Tests.Tensors;

public class TensorTests
{
    static readonly float[] Numbers = [0, 1, -2, 3.5f, -0.25f, 100];

    [Fact]
    public void SinglesComeBackAsTheyWent() => AssertRoundTrip(Numbers, DType.Float32);

    [Fact]
    public void DoublesComeBackAsTheyWent() => AssertRoundTrip([0.1, -1e300, double.NaN, double.NegativeInfinity], DType.Float64);

    [Fact]
    public void HalvesComeBackAsTheyWent() => AssertRoundTrip([.. Numbers.Select(number => (Half)number)], DType.Float16);

    [Fact]
    public void BFloat16sComeBackAsTheyWent() => AssertRoundTrip([.. Numbers.Select(number => (BFloat16)number)], DType.BFloat16);

    [Fact]
    public void LongsComeBackAsTheyWent() => AssertRoundTrip([long.MinValue, -1, long.MaxValue], DType.Int64);

    [Fact]
    public void IntsComeBackAsTheyWent() => AssertRoundTrip([int.MinValue, -1, int.MaxValue], DType.Int32);

    [Fact]
    public void ShortsComeBackAsTheyWent() => AssertRoundTrip<short>([short.MinValue, -1, short.MaxValue], DType.Int16);

    [Fact]
    public void SignedBytesComeBackAsTheyWent() => AssertRoundTrip<sbyte>([-128, -1, 127], DType.Int8);

    [Fact]
    public void BytesComeBackAsTheyWent() => AssertRoundTrip<byte>([0, 128, 255], DType.UInt8);

    [Fact]
    public void TruthValuesComeBackAsTheyWent() => AssertRoundTrip([true, false, true], DType.Boolean);

    [Fact]
    public void LibtorchReadsEveryTypeAsTheNumberItIs()
    {
        using TensorScope scope = new();

        Assert.Equal(3.5, Tensor.From([(Half)3.5f]).To(DType.Float64).ToDouble());
        Assert.Equal(-0.25, Tensor.From([(BFloat16)(-0.25f)]).To(DType.Float64).ToDouble());
        Assert.Equal(255, Tensor.From<byte>([255]).ToInt64());
        Assert.Equal(-1, Tensor.From<sbyte>([-1]).ToInt64());
        Assert.Equal(1, Tensor.From([true]).ToInt64());
    }

    [Fact]
    public void NoTensorHoldsCharacters()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => Tensor.From<char>(['a']));

        Assert.Contains("Received: Char", refused.Message);
    }

    [Fact]
    public void TheShapeIsAsGiven()
    {
        using TensorScope scope = new();

        Tensor tensor = Tensor.From(Numbers, 2, 3);

        Assert.Equal([2, 3], tensor.Shape);
        Assert.Equal(2, tensor.Rank);
        Assert.Equal(6, tensor.Count);
        Assert.Equal(3, tensor.Size(1));
        Assert.Equal(3, tensor.Size(-1));
        Assert.Equal(2, tensor.Size(-2));
        Assert.Equal(Device.Cpu, tensor.Device);
        Assert.True(tensor.IsContiguous);
        Assert.False(tensor.IsChannelsLast);
        Assert.Equal("Float32[2, 3] on cpu", tensor.ToString());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-3)]
    public void ADimensionThatIsNotThereIsRefused(int dimension)
    {
        using Tensor tensor = Tensor.From(Numbers, 2, 3);

        ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(() => tensor.Size(dimension));

        Assert.Contains("from -2 to 1 for Float32[2, 3] on cpu", refused.Message);
    }

    [Fact]
    public void AShapeThatHoldsOtherBytesIsRefusedWithBoth()
    {
        TorchException refused = Assert.Throws<TorchException>(() => Tensor.From(Numbers, 2, 4));

        Assert.Contains("[2, 4] and type Float holds 32 bytes, but 24 were given", refused.Message);
    }

    [Theory]
    [InlineData(new long[] { 1L << 40 }, "holds 4398046511104 bytes")]
    [InlineData(new long[] { 1L << 31, 1L << 31, 4 }, "do not fit 64 bits")]
    [InlineData(new long[] { long.MaxValue, 0 }, "holds 0 bytes")]
    [InlineData(new long[] { -2, -3 }, "must not be negative")]
    public void AShapeThatAsksForMuchMoreIsRefusedBeforeAnythingIsAllocated(long[] shape, string reason)
    {
        TorchException refused = Assert.Throws<TorchException>(() => Tensor.FromBytes(new byte[24], DType.Float32, shape));

        Assert.False(refused.IsOutOfMemory);
        Assert.Contains(reason, refused.Message);
    }

    [Fact]
    public void ATensorWithoutElementsKeepsItsShape()
    {
        using TensorScope scope = new();

        Tensor tensor = Tensor.From<float>([], 0, 3);

        Assert.Equal([0, 3], tensor.Shape);
        Assert.Empty(tensor.ToArray<float>());
        Assert.Equal(0, tensor.Sum().ToDouble());
        tensor.LoadBytes([]);
    }

    [Fact]
    public void ASingleNumberHasNoDimensions()
    {
        using TensorScope scope = new();

        Tensor tensor = Tensor.FromBytes(BitConverter.GetBytes(2.5f), DType.Float32);

        Assert.Empty(tensor.Shape);
        Assert.Equal(0, tensor.Rank);
        Assert.Equal(1, tensor.Count);
        Assert.Equal([2.5f], tensor.ToArray<float>());
        Assert.Equal("Float32[] on cpu", tensor.ToString());
    }

    [Fact]
    public void ElementsAreCopiedAndNotShared()
    {
        float[] source = [1, 2];
        using Tensor tensor = Tensor.From(source);

        source[0] = 9;

        Assert.Equal([1f, 2f], tensor.ToArray<float>());
    }

    [Fact]
    public void ChannelsLastElementsComeBackRowByRow()
    {
        using TensorScope scope = new();
        float[] numbers = [.. Enumerable.Range(0, 24).Select(number => (float)number)];
        Tensor image = Tensor.From(numbers, 1, 3, 2, 4).Contiguous(MemoryFormat.ChannelsLast);

        Assert.True(image.IsChannelsLast);
        Assert.False(image.IsContiguous);
        Assert.Equal(numbers, image.ToArray<float>());
    }

    [Fact]
    public void LoadingRowsIntoChannelsLastKeepsTheMemoryOrder()
    {
        using TensorScope scope = new();
        byte[] bytes = [.. Enumerable.Range(0, 24).Select(number => (byte)number)];
        Tensor image = Tensor.Zeros([1, 3, 2, 4], DType.UInt8).Contiguous(MemoryFormat.ChannelsLast);

        image.LoadBytes(bytes);

        Assert.True(image.IsChannelsLast);
        Assert.Equal(bytes, image.ToArray<byte>());
        Assert.Equal(5, image.Select(3, 1).Select(2, 1).Select(1, 0).ToInt64());
    }

    [Fact]
    public void ATransposedViewComesBackRowByRow()
    {
        using TensorScope scope = new();

        Assert.Equal([0f, 3.5f, 1f, -0.25f, -2f, 100f], Tensor.From(Numbers, 2, 3).Transpose().ToArray<float>());
    }

    [Fact]
    public void LoadingIsNotRecordedAndReachesAnAlias()
    {
        using TensorScope scope = new();
        Tensor tensor = Tensor.Zeros([2]);
        tensor.RequiresGradient = true;
        Tensor alias = tensor.Alias();

        tensor.LoadBytes([.. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(2f)]);

        Assert.Equal([1f, 2f], alias.ToArray<float>());
        Assert.True(tensor.RequiresGradient);
        tensor.Sum().Backward();
        Assert.Equal([1f, 1f], tensor.Gradient!.ToArray<float>());
    }

    [Fact]
    public void LoadingAnotherNumberOfBytesIsRefused()
    {
        using Tensor tensor = Tensor.Zeros([2]);

        TorchException refused = Assert.Throws<TorchException>(() => tensor.LoadBytes(new byte[12]));

        Assert.Contains("holds 8 bytes, but 12 were given", refused.Message);
    }

    [Fact]
    public void CopyingToAnotherTypeOrNumberIsRefused()
    {
        using Tensor tensor = Tensor.From(Numbers);

        ArgumentException type = Assert.Throws<ArgumentException>(() => tensor.ToArray<int>());
        ArgumentException number = Assert.Throws<ArgumentException>(() => tensor.CopyTo(new float[5].AsSpan()));

        Assert.Contains("Received: 6 of Int32 for Float32[6] on cpu", type.Message);
        Assert.Contains("Received: 5 of Float32 for Float32[6] on cpu", number.Message);
        Assert.Throws<TorchException>(() => tensor.CopyBytesTo(new byte[23]));
    }

    [Fact]
    public void OneElementBecomesANumber()
    {
        using TensorScope scope = new();

        Assert.Equal(2.5, Tensor.From([2.5f], 1, 1).ToDouble());
        Assert.Equal(-7, Tensor.From([-7L]).ToDouble());
        Assert.Equal(long.MaxValue, Tensor.From([long.MaxValue]).ToInt64());
        Assert.Equal(1, Tensor.From([true]).ToDouble());
    }

    [Fact]
    public void SeveralElementsBecomeNoNumber()
    {
        using TensorScope scope = new();

        Assert.Throws<TorchException>(() => Tensor.From(Numbers).ToDouble());
        Assert.Throws<TorchException>(() => Tensor.From<float>([]).ToDouble());
        Assert.Throws<TorchException>(() => Tensor.From([1L, 2L]).ToInt64());
    }

    [Fact]
    public void ARealNumberBecomesNoInteger()
    {
        using Tensor tensor = Tensor.From([1f]);

        TorchException refused = Assert.Throws<TorchException>(() => tensor.ToInt64());

        Assert.Contains("Received: Float32[1] on cpu", refused.Message);
    }

    [Fact]
    public void AnAliasOutlivesTheTensorItIsOf()
    {
        Tensor tensor = Tensor.From(Numbers);
        using Tensor alias = tensor.Alias();

        tensor.Dispose();

        Assert.Equal(Numbers, alias.ToArray<float>());
    }

    [Fact]
    public void AnAliasIsTheSameMemory()
    {
        using TensorScope scope = new();
        Tensor tensor = Tensor.From(Numbers);
        Tensor alias = tensor.Alias();

        tensor.Zero();

        Assert.Equal(new float[6], alias.ToArray<float>());
    }

    [Fact]
    public void AReleasedTensorSaysSoAndRefusesEverythingElse()
    {
        Tensor tensor = Tensor.From(Numbers);
        tensor.Dispose();
        tensor.Dispose();

        Assert.Equal("a released tensor", tensor.ToString());
        Assert.Throws<ObjectDisposedException>(() => tensor.Shape);
        Assert.Throws<ObjectDisposedException>(() => tensor.ToArray<float>());
        Assert.Throws<ObjectDisposedException>(() => tensor.Alias());
        Assert.Throws<ObjectDisposedException>(() => tensor.Backward());
        Assert.Throws<ObjectDisposedException>(() => Tensor.Concatenate([tensor]));
    }

    [Fact]
    public void EmptyTensorsHaveTheShapeAndTypeAskedFor()
    {
        using TensorScope scope = new();

        Tensor tensor = Tensor.Empty([2, 0, 3], DType.BFloat16);
        Tensor like = Tensor.Zeros([1, 3, 2, 4]).Contiguous(MemoryFormat.ChannelsLast).EmptyLike();

        Assert.Equal([2, 0, 3], tensor.Shape);
        Assert.Equal(DType.BFloat16, tensor.DType);
        Assert.True(like.IsChannelsLast);
    }

    static void AssertRoundTrip<T>(T[] values, DType type) where T : unmanaged
    {
        using TensorScope scope = new();

        Tensor tensor = Tensor.From(values);

        Assert.Equal(type, tensor.DType);
        Assert.Equal([values.Length], tensor.Shape);
        Assert.Equal(values, tensor.ToArray<T>());
        byte[] bytes = new byte[values.Length * type.Size()];
        tensor.CopyBytesTo(bytes);
        Assert.Equal(values, Tensor.FromBytes(bytes, type, values.Length).ToArray<T>());
    }
}
