using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Anneal.Torch.Tests.Operators;

/// <summary>The convolution in bfloat16 against libtorch's in double precision, on the same numbers.</summary>
public class ConvolutionTests
{
    static readonly Operator AtenConv2d = new("aten::conv2d");

    // Products of bfloat16 numbers, which are exact, added up in single precision.
    const double Single = 1e-5;

    // What oneDNN gives is rounded to bfloat16.
    const double Half = 1.0 / 128;

    static readonly Layer[] All =
    [
        // resnet9's, at its width of 8 and of 32, with smaller batches.
        new(16, 1, 8, 28), new(16, 8, 16, 28), new(16, 16, 32, 14), new(16, 32, 64, 7), new(16, 64, 64, 3),
        new(8, 1, 32, 28), new(8, 32, 64, 28), new(8, 64, 128, 14), new(8, 128, 256, 7), new(16, 256, 256, 3),
        // One image, an odd number, fewer than threads; images of several blocks and several images in one.
        new(1, 32, 64, 8), new(3, 16, 16, 5), new(2, 16, 16, 40), new(65, 48, 24, 2), new(9, 32, 16, 1),
        // Channels and outputs that fill no vector.
        new(4, 3, 5, 9), new(4, 5, 3, 9), new(4, 17, 70, 6), new(2, 20, 9, 7), new(4, 24, 130, 6),
        // One pixel, a stem's seven, even kernels, no border, a wide one.
        new(4, 64, 32, 7, Kernel: 1), new(4, 16, 32, 9, Kernel: 1, Stride: 2), new(4, 8, 16, 9, Kernel: 1, Stride: 3, Padding: 1),
        new(4, 3, 16, 32, Kernel: 7, Stride: 2), new(4, 16, 16, 8, Kernel: 2, Padding: 0), new(4, 16, 16, 9, Kernel: 4, Stride: 2, Padding: 1),
        new(4, 16, 16, 9, Padding: 0), new(3, 4, 8, 6, Padding: 3), new(4, 32, 16, 9, Kernel: 5),
        new(4, 32, 64, 15, Stride: 2), new(4, 16, 32, 14, Stride: 2), new(4, 2, 8, 14, Stride: 3),
        // Dilated: the taps of a row do not touch.
        new(4, 16, 16, 11, Padding: 2, Dilation: 2), new(4, 3, 8, 11, Padding: 2, Dilation: 2), new(3, 16, 16, 12, Stride: 2, Padding: 3, Dilation: 3),
        new(4, 32, 32, 7, Groups: 2), new(4, 32, 64, 7, Stride: 2, Groups: 4), new(4, 32, 16, 7, Kernel: 1, Stride: 2, Groups: 2),
        new(4, 16, 32, 7, Bias: true), new(4, 16, 32, 7, Width: 12), new(4, 16, 32, 13, Width: 4, Bias: true),
    ];

    public static TheoryData<Layer> Layers => new(All);

    [Theory]
    [MemberData(nameof(Layers))]
    public void ItsGradientsAreThoseOfTheExactConvolution(Layer layer)
    {
        using TensorScope scope = new();
        Given given = new(layer);

        Outputs found = given.Compute(Tensor.Conv2d, DType.BFloat16);
        Outputs expected = given.Compute(Tensor.Conv2d, DType.Float64);

        Assert.Equal(DType.BFloat16, found.Result.DType);
        AssertClose(expected.Result, found.Result, Half);
        AssertClose(expected.OfInput!, found.OfInput!, Half);
        AssertClose(expected.OfWeight!, found.OfWeight!, HasOwnKernel ? Single : Half);
        if (layer.Bias)
        {
            AssertClose(expected.OfBias!, found.OfBias!, Single);
        }
    }

    // So few channels in a group are oneDNN's, by parts of the batch.
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 4)]
    [InlineData(2, 4)]
    [InlineData(3, 4)]
    [InlineData(5, 4)]
    public void PartsOfTheBatchAddUpToTheWhole(int threads, int images)
    {
        using TensorScope scope = new();
        Given given = new(new Layer(images, 32, 32, 9, Groups: 32));
        Outputs expected = given.Compute(Tensor.Conv2d, DType.Float64);

        Outputs found = OnThreads(threads, () => given.Compute(Tensor.Conv2d, DType.BFloat16));
        Outputs again = OnThreads(threads, () => given.Compute(Tensor.Conv2d, DType.BFloat16));

        AssertClose(expected.OfWeight!, found.OfWeight!, Half);
        AssertSame(found.OfWeight!, again.OfWeight!);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void TheSameThreadsGiveTheSameBits(Layer layer)
    {
        using TensorScope scope = new();
        Given given = new(layer);

        Outputs one = given.Compute(Tensor.Conv2d, DType.BFloat16);
        Outputs again = given.Compute(Tensor.Conv2d, DType.BFloat16);

        AssertSame(one.OfWeight!, again.OfWeight!);
        AssertSame(one.OfInput!, again.OfInput!);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void OurKernelGivesTheSameBitsForAnyNumberOfThreads(Layer layer)
    {
        Assert.SkipUnless(HasOwnKernel, "This processor's kernel is oneDNN's, whose sums follow the threads.");
        using TensorScope scope = new();
        Given given = new(layer);

        Outputs one = OnThreads(1, () => given.Compute(Tensor.Conv2d, DType.BFloat16));

        foreach (int threads in (int[])[2, 3, 7])
        {
            AssertSame(one.OfWeight!, OnThreads(threads, () => given.Compute(Tensor.Conv2d, DType.BFloat16)).OfWeight!);
        }
    }

    [Theory]
    [InlineData(MemoryFormat.ChannelsLast)]
    [InlineData(MemoryFormat.Contiguous)]
    public void TheGradientOfAKernelLiesAsTheKernelDoes(MemoryFormat order)
    {
        using TensorScope scope = new();
        Given given = new(new Layer(4, 16, 24, 7)) { Order = order };

        Outputs found = given.Compute(Tensor.Conv2d, DType.BFloat16);

        AssertClose(given.Compute(Tensor.Conv2d, DType.Float64).OfWeight!, found.OfWeight!, HasOwnKernel ? Single : Half);
        Assert.Equal(DType.Float32, found.OfWeight!.DType);
        Assert.Equal(order == MemoryFormat.ChannelsLast, found.OfWeight.IsChannelsLast);
    }

    [Fact]
    public void AKernelInBFloat16GetsItsGradientInBFloat16()
    {
        using TensorScope scope = new();
        Tensor input = Normal(4, 16, 7, 7).To(DType.BFloat16), weight = Normal(8, 16, 3, 3).To(DType.BFloat16);
        weight.RequiresGradient = true;

        Tensor result = Tensor.Conv2d(input, weight, padding: 1);
        result.Sum().Backward();

        Assert.Equal(DType.BFloat16, result.DType);
        Assert.Equal(DType.BFloat16, weight.Gradient!.DType);
    }

    [Fact]
    public void NoGradientIsMadeForAnInputThatWantsNone()
    {
        using TensorScope scope = new();
        Tensor input = Normal(4, 16, 7, 7), weight = Leaf(8, 16, 3, 3);

        InHalf(() => Tensor.Conv2d(input, weight, padding: 1)).Sum().Backward();

        Assert.Null(input.Gradient);
        Assert.NotNull(weight.Gradient);
    }

    [Fact]
    public void AFrozenKernelGetsNoneAndPassesItOn()
    {
        using TensorScope scope = new();
        Tensor input = Leaf(4, 16, 7, 7), weight = Normal(8, 16, 3, 3), bias = Leaf(8);

        InHalf(() => Tensor.Conv2d(input, weight, bias, padding: 1)).Sum().Backward();

        Assert.Null(weight.Gradient);
        Assert.NotNull(input.Gradient);
        Assert.All(bias.Gradient!.ToArray<float>(), value => Assert.Equal(4 * 7 * 7, value));
    }

    [Fact]
    public void AKernelUsedTwiceGetsTheSumOfBothGradients()
    {
        using TensorScope scope = new();
        Tensor first = Normal(4, 16, 7, 7), second = Normal(2, 16, 5, 5), weight = Leaf(16, 16, 3, 3);

        Tensor Gradient(params Tensor[] inputs)
        {
            weight.Gradient = null;
            InHalf(() =>
            {
                Tensor total = Tensor.Zeros([]);
                foreach (Tensor input in inputs)
                {
                    total += Tensor.Conv2d(input, weight, padding: 1).To(DType.Float32).Sum();
                }
                return total;
            }).Backward();
            return weight.Gradient!.Clone();
        }

        AssertSame(Gradient(first) + Gradient(second), Gradient(first, second));
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void OtherPrecisionsAreLibtorchs(DType type)
    {
        using TensorScope scope = new();
        Given given = new(new Layer(4, 16, 24, 7, Bias: true));

        Outputs found = given.Compute(Tensor.Conv2d, type);
        Outputs expected = given.Compute(
            (input, weight, bias, stride, padding, dilation, groups) => AtenConv2d.Invoke(input, weight, bias, stride, padding, dilation, groups), type);

        AssertSame(expected.Result, found.Result);
        AssertSame(expected.OfWeight!, found.OfWeight!);
        AssertSame(expected.OfInput!, found.OfInput!);
        AssertSame(expected.OfBias!, found.OfBias!);
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedWithItsShapes()
    {
        using TensorScope scope = new();
        Tensor input = Normal(4, 16, 7, 7), weight = Leaf(8, 15, 3, 3);

        TorchException refused = Assert.Throws<TorchException>(() => InHalf(() => Tensor.Conv2d(input, weight)));

        Assert.Contains("[8, 15, 3, 3]", refused.Message);
    }

    static bool HasOwnKernel =>
        X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7 && Avx512Vbmi.IsSupported
        && ((X86Base.CpuId(7, 1).Eax >> 5) & 1) != 0 && ((X86Base.CpuId(7, 0).Edx >> 22) & 1) == 0;

    static Outputs OnThreads(int threads, Func<Outputs> compute)
    {
        int before = Engine.Threads;
        Engine.Threads = threads;
        try
        {
            return compute();
        }
        finally
        {
            Engine.Threads = before;
        }
    }

    static Tensor InHalf(Func<Tensor> compute)
    {
        using (Autocast.Enter(Device.Cpu, DType.BFloat16))
        {
            return compute();
        }
    }

    static Tensor Normal(params long[] shape)
    {
        Tensor drawn = Tensor.Zeros(shape);
        drawn.FillNormal();
        return drawn;
    }

    static Tensor Leaf(params long[] shape)
    {
        Tensor leaf = Normal(shape);
        leaf.RequiresGradient = true;
        return leaf;
    }

    static void AssertSame(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.DType, actual.DType);
        double[] wanted = expected.Detach().To(DType.Float64).ToArray<double>(), found = actual.Detach().To(DType.Float64).ToArray<double>();
        Assert.True(MemoryMarshal.AsBytes(wanted.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(found.AsSpan())), "the bits differ");
    }

    static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        double[] wanted = expected.Detach().To(DType.Float64).ToArray<double>(), found = actual.Detach().To(DType.Float64).ToArray<double>();
        Assert.Equal(expected.Shape, actual.Shape);
        double scale = wanted.Max(Math.Abs), farthest = 0;
        for (int i = 0; i < wanted.Length; i++)
        {
            // So written that a NaN is far away.
            farthest = Math.Abs(found[i] - wanted[i]) <= farthest ? farthest : Math.Abs(found[i] - wanted[i]);
        }
        Assert.InRange(farthest / scale, 0, tolerance);
    }

    /// <summary>A layer on square images, or of the given width; without a padding the result is as large as the images.</summary>
    public sealed record Layer(
        int Images, int Channels, int Outputs, int Height, int Kernel = 3, int Stride = 1, int Padding = -1, int Dilation = 1, int Groups = 1,
        bool Bias = false, int Width = 0)
    {
        internal int Border => Padding >= 0 ? Padding : Kernel / 2;

        internal long[] InputShape => [Images, Channels, Height, Width > 0 ? Width : Height];

        internal long[] WeightShape => [Outputs, Channels / Groups, Kernel, Kernel];
    }

    delegate Tensor Convolve(Tensor input, Tensor weight, Tensor? bias, int stride, int padding, int dilation, int groups);

    sealed record Outputs(Tensor Result, Tensor? OfInput, Tensor? OfWeight, Tensor? OfBias);

    // Numbers that are bfloat16's, so that every precision begins with the same ones.
    sealed record Given
    {
        readonly Layer layer;
        readonly Tensor input;
        readonly Tensor weight;
        readonly Tensor bias;

        internal Given(Layer layer)
        {
            this.layer = layer;
            Generator.Seed(Device.Cpu, 7);
            input = Normal(layer.InputShape).To(DType.BFloat16);
            weight = Normal(layer.WeightShape).To(DType.BFloat16);
            bias = Normal(layer.Outputs).To(DType.BFloat16);
        }

        internal MemoryFormat Order { get; init; } = MemoryFormat.ChannelsLast;

        internal Outputs Compute(Convolve convolve, DType type)
        {
            bool half = type == DType.BFloat16;
            Tensor Leaf(Tensor tensor, DType of)
            {
                Tensor leaf = tensor.To(of).Contiguous(tensor.Shape.Length == 4 ? Order : MemoryFormat.Contiguous).Clone().Detach();
                leaf.RequiresGradient = true;
                return leaf;
            }

            Tensor x = Leaf(input, type), w = Leaf(weight, half ? DType.Float32 : type), b = Leaf(bias, half ? DType.Float32 : type);
            using Autocast.Leave leave = Autocast.Enter(Device.Cpu, half ? DType.BFloat16 : DType.Float32);
            Tensor result = convolve(x, w, layer.Bias ? b : null, layer.Stride, layer.Border, layer.Dilation, layer.Groups);
            Generator.Seed(Device.Cpu, 8);
            Tensor gradient = Normal(result.Shape).To(DType.BFloat16).Contiguous(Order);
            result.Backward(gradient.To(result.DType));
            return new Outputs(result, x.Gradient, w.Gradient, b.Gradient);
        }
    }
}
