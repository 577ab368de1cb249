namespace Anneal.Torch.Tests.Operators;

/// <summary>The fused operator against libtorch's batch_norm, relu and max_pool2d one after the other.</summary>
public class BatchNormReluTests
{
    // Two sums in another order, and in bfloat16 a gradient at most one rounding apart.
    static double Tolerance(DType type) => type switch
    {
        DType.Float64 => 1e-12,
        DType.Float32 => 1e-5,
        _ => 1.0 / 128,
    };

    public static TheoryData<DType, int, int, int, int, bool> Cases
    {
        get
        {
            TheoryData<DType, int, int, int, int, bool> data = [];
            foreach (DType type in (DType[])[DType.Float64, DType.Float32, DType.BFloat16])
            {
                foreach (bool pool in (bool[])[false, true])
                {
                    data.Add(type, 4, 16, 28, 28, pool);
                    // Odd sizes, where the last row and column are in no window.
                    data.Add(type, 3, 32, 7, 5, pool);
                    // Groups of 64, 32 and 16 channels.
                    data.Add(type, 2, 112, 4, 6, pool);
                    // Not in sixteens: the composition itself.
                    data.Add(type, 2, 24, 4, 4, pool);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ItIsTheThreeOperationsInTraining(DType type, int images, int channels, int height, int width, bool pool)
    {
        using TensorScope scope = new();
        Inputs given = new(type, [images, channels, height, width]);

        Outputs expected = given.Compute(fused: false, training: true, pool);
        Outputs found = given.Compute(fused: true, training: true, pool);

        AssertClose(expected.Result, found.Result, Tolerance(type));
        AssertClose(expected.ImageGradient!, found.ImageGradient!, Tolerance(type));
        AssertClose(expected.WeightGradient!, found.WeightGradient!, 1e-5);
        AssertClose(expected.BiasGradient!, found.BiasGradient!, 1e-5);
        AssertClose(expected.RunningMean, found.RunningMean, 1e-5);
        AssertClose(expected.RunningVariance, found.RunningVariance, 1e-5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ItIsTheThreeOperationsInEvaluation(bool pool)
    {
        using TensorScope scope = new();
        using GradientMode.Restore unrecorded = GradientMode.Off();
        Inputs given = new(DType.Float32, [3, 32, 7, 5]);

        Outputs expected = given.Compute(fused: false, training: false, pool);
        Outputs found = given.Compute(fused: true, training: false, pool);

        AssertClose(expected.Result, found.Result, 1e-6);
        AssertClose(expected.RunningMean, found.RunningMean, 0);
        AssertClose(expected.RunningVariance, found.RunningVariance, 0);
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.BFloat16)]
    public void AMeanFarFromZeroCostsNoPrecision(DType type)
    {
        using TensorScope scope = new();
        // 1000 ± 8: the square of the mean is 16,000 times the variance.
        Inputs given = new(type, [8, 16, 12, 12], mean: 1000, deviation: 8);
        Inputs exact = given.As(DType.Float64);

        Outputs expected = exact.Compute(fused: false, training: true, pool: false);
        Outputs found = given.Compute(fused: true, training: true, pool: false);

        AssertClose(expected.RunningVariance, found.RunningVariance, 1e-5);
        AssertClose(expected.RunningMean, found.RunningMean, 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TheNumberOfThreadsChangesNoBit(int threads)
    {
        using TensorScope scope = new();
        Inputs given = new(DType.BFloat16, [64, 64, 14, 14]);
        Outputs one = given.Compute(fused: true, training: true, pool: true);
        int before = Engine.Threads;
        try
        {
            Engine.Threads = threads;
            Outputs again = given.Compute(fused: true, training: true, pool: true);
            AssertClose(one.Result, again.Result, 0);
            AssertClose(one.ImageGradient!, again.ImageGradient!, 0);
            AssertClose(one.WeightGradient!, again.WeightGradient!, 0);
        }
        finally
        {
            Engine.Threads = before;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ANaNIsPassedOn(bool pool)
    {
        using TensorScope scope = new();
        Inputs given = new(DType.BFloat16, [2, 16, 4, 4]);
        using (GradientMode.Off())
        {
            given.Images.Select(0, 0).Select(0, 3).Select(0, 1).Select(0, 1).Fill(double.NaN);
        }

        Outputs found = given.Compute(fused: true, training: true, pool);

        Tensor bad = found.Result.To(DType.Float32).Detach().IsFinite();
        Assert.All(bad.Select(1, 3).ToArray<bool>(), finite => Assert.False(finite));
        Assert.All(bad.Select(1, 4).ToArray<bool>(), finite => Assert.True(finite));
    }

    static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        double[] wanted = expected.Detach().To(DType.Float64).ToArray<double>();
        double[] found = actual.Detach().To(DType.Float64).ToArray<double>();
        Assert.Equal(expected.Shape, actual.Shape);
        double scale = wanted.Max(Math.Abs);
        for (int i = 0; i < wanted.Length; i++)
        {
            Assert.InRange(found[i], wanted[i] - (tolerance * scale), wanted[i] + (tolerance * scale));
        }
    }

    sealed record Outputs(
        Tensor Result, Tensor? ImageGradient, Tensor? WeightGradient, Tensor? BiasGradient, Tensor RunningMean, Tensor RunningVariance);

    sealed record Inputs
    {
        internal Inputs(DType type, long[] shape, double mean = 1, double deviation = 2)
        {
            Generator.Seed(Device.Cpu, 11);
            Tensor images = Tensor.Zeros(shape);
            images.FillNormal(mean, deviation);
            Images = images.To(type).Contiguous(MemoryFormat.ChannelsLast);
            DType parameters = type == DType.Float64 ? type : DType.Float32;
            Weight = Normal(shape[1]).To(parameters);
            Bias = Normal(shape[1]).To(parameters);
        }

        internal Tensor Images { get; private init; }

        Tensor Weight { get; init; }

        Tensor Bias { get; init; }

        internal Inputs As(DType type) => this with { Images = Images.To(type), Weight = Weight.To(type), Bias = Bias.To(type) };

        internal Outputs Compute(bool fused, bool training, bool pool)
        {
            Tensor images = Leaf(Images), weight = Leaf(Weight), bias = Leaf(Bias);
            Tensor mean = Weight.ZerosLike(), variance = Weight.ZerosLike() + 1;
            Tensor result = fused
                ? Tensor.BatchNormRelu(images, weight, bias, mean, variance, training, momentum: 0.1, epsilon: 1e-5, pool)
                : Tensor.BatchNorm(images, weight, bias, mean, variance, training, momentum: 0.1, epsilon: 1e-5).Relu();
            if (pool && !fused)
            {
                result = result.MaxPool2d(kernel: 2, stride: 2);
            }
            if (result.RequiresGradient)
            {
                Generator.Seed(Device.Cpu, 12);
                Tensor gradient = Tensor.Zeros(result.Shape);
                gradient.FillNormal();
                result.Backward(gradient.To(result.DType));
            }
            return new Outputs(result, images.Gradient, weight.Gradient, bias.Gradient, mean, variance);
        }

        static Tensor Leaf(Tensor tensor)
        {
            Tensor leaf = tensor.Detach().Clone();
            leaf.RequiresGradient = true;
            return leaf;
        }

        static Tensor Normal(long count)
        {
            Tensor drawn = Tensor.Zeros([count]);
            drawn.FillNormal();
            return drawn;
        }
    }
}
