namespace Anneal.Torch.Tests.Operators;

/// <summary>The image kernels against the same done with libtorch's own operators.</summary>
public class ImagesTests
{
    static readonly Operator FlipOp = new("aten::flip");

    public static TheoryData<DType, int> TypesAndWidths
    {
        get
        {
            TheoryData<DType, int> data = [];
            foreach (DType type in (DType[])[DType.UInt8, DType.Int16, DType.Float32, DType.Int64])
            {
                foreach (int width in (int[])[1, 3, 7, 8, 9, 16, 28, 33])
                {
                    data.Add(type, width);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(TypesAndWidths))]
    public void CroppingIsPaddingAndSlicing(DType type, int width)
    {
        using TensorScope scope = new();
        const int padding = 3, count = 49;
        Tensor images = Some(type, count, width);
        // Every offset there is, once.
        long[] offsets = [.. Enumerable.Range(0, count).SelectMany(i => (long[])[i / 7, i % 7])];

        Tensor cropped = Images.Crop(images, Tensor.From(offsets, count, 2), padding, fill: 5);

        Tensor padded = images.Pad([padding, padding, padding, padding], 5);
        Tensor expected = Tensor.Stack([.. Enumerable.Range(0, count).Select(i =>
            padded.Select(0, i).Slice(1, offsets[i * 2], offsets[i * 2] + 5).Slice(2, offsets[(i * 2) + 1], offsets[(i * 2) + 1] + width))]);
        AssertSame(expected, cropped);
    }

    [Fact]
    public void AWindowInTheBorderIsAllBorder()
    {
        using TensorScope scope = new();
        Tensor images = Tensor.Ones([1, 1, 2, 2]);

        Tensor cropped = Images.Crop(images, Tensor.From([0L, 4L], 1, 2), padding: 4, fill: 7);

        Assert.Equal([7f, 7, 7, 7], cropped.ToArray<float>());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    public void AnOffsetOutsideTheBorderIsRefused(long offset)
    {
        using TensorScope scope = new();

        TorchException refused = Assert.Throws<TorchException>(
            () => Images.Crop(Tensor.Ones([1, 1, 4, 4]), Tensor.From([0L, offset], 1, 2), padding: 2));

        Assert.Contains($"offsets must be from 0 to 4, but one is {offset}", refused.Message);
    }

    [Theory]
    [MemberData(nameof(TypesAndWidths))]
    public void FlippingIsReversingTheLastDimensionOfSomeImages(DType type, int width)
    {
        using TensorScope scope = new();
        Tensor images = Some(type, 6, width);

        Tensor flipped = Images.Flip(images, Tensor.From([true, false, true, true, false, false]));

        Tensor reversed = FlipOp.Invoke(images, new long[] { 3 });
        Tensor expected = Tensor.Stack([.. Enumerable.Range(0, 6).Select(i => (i is 0 or 2 or 3 ? reversed : images).Select(0, i))]);
        AssertSame(expected, flipped);
    }

    [Theory]
    [InlineData(DType.UInt8)]
    [InlineData(DType.Float32)]
    public void ErasingFillsEachImagesOwnBoxUpToTheEdges(DType type)
    {
        using TensorScope scope = new();
        Tensor images = Some(type, 4, 9);

        Tensor erased = Images.Erase(images, Tensor.From([1L, 2, 3, 5, -4, -4, 2, 100, 4, 8, 9, 9, 3, 3, 3, 8], 4, 4), fill: 9);

        double[] expected = images.To(DType.Float64).ToArray<double>();
        (int Top, int Left, int Bottom, int Right)[] boxes = [(1, 2, 3, 5), (0, 0, 2, 9), (4, 8, 5, 9), (0, 0, 0, 0)];
        for (int place = 0; place < expected.Length; place++)
        {
            (int top, int left, int bottom, int right) = boxes[place / (2 * 5 * 9)];
            int y = place / 9 % 5, x = place % 9;
            expected[place] = y >= top && y < bottom && x >= left && x < right ? 9 : expected[place];
        }
        Assert.Equal(expected, erased.To(DType.Float64).ToArray<double>());
    }

    public static TheoryData<int, MemoryFormat> Layouts => new()
    {
        { 1, MemoryFormat.Contiguous }, { 1, MemoryFormat.ChannelsLast }, { 3, MemoryFormat.Contiguous }, { 3, MemoryFormat.ChannelsLast },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void NormalizingScalesBytesChannelByChannel(int channels, MemoryFormat layout)
    {
        using TensorScope scope = new();
        double[] mean = [.. Enumerable.Range(1, channels).Select(c => 0.2 * c)], deviation = [.. Enumerable.Range(1, channels).Select(c => 0.1 + (0.2 * c))];
        Tensor images = Tensor.From([.. Enumerable.Range(0, 2 * channels * 256).Select(i => (byte)i)], 2, channels, 8, 32);

        Tensor normalized = Images.Normalize(images, mean, deviation, DType.Float32, layout);
        Tensor half = Images.Normalize(images, mean, deviation, DType.BFloat16, layout);

        float[] expected = [.. Enumerable.Range(0, 2 * channels * 256).Select(i =>
            (float)((((i % 256) / 255.0) - mean[i / 256 % channels]) / deviation[i / 256 % channels]))];
        Assert.All(normalized.ToArray<float>().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
        Assert.True(layout == MemoryFormat.ChannelsLast ? normalized.IsChannelsLast : normalized.IsContiguous);
        AssertSame(normalized.To(DType.BFloat16), half);
    }

    [Fact]
    public void OnlyBytesAreNormalized()
    {
        using TensorScope scope = new();

        TorchException refused = Assert.Throws<TorchException>(() => Images.Normalize(Tensor.Ones([1, 1, 2, 2]), [0.5], [0.5]));

        Assert.Contains("images must be UInt8 until they are normalized", refused.Message);
    }

    static Tensor Some(DType type, int count, int width) =>
        Tensor.From([.. Enumerable.Range(0, count * 2 * 5 * width).Select(i => (byte)(1 + (i * 7 % 120)))], count, 2, 5, width).To(type);

    static void AssertSame(Tensor expected, Tensor received)
    {
        Assert.Equal(expected.DType, received.DType);
        Assert.Equal(expected.Shape, received.Shape);
        Assert.Equal(expected.To(DType.Float64).ToArray<double>(), received.To(DType.Float64).ToArray<double>());
    }
}
