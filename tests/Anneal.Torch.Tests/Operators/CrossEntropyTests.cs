namespace Anneal.Torch.Tests.Operators;

/// <summary>The fused loss against libtorch's, and against counting by hand.</summary>
public class CrossEntropyTests
{
    static readonly Operator AtenCrossEntropy = new("aten::cross_entropy_loss");

    [Theory]
    [InlineData(DType.Float32, false, 0, false)]
    [InlineData(DType.Float32, false, 0.1, false)]
    [InlineData(DType.Float32, true, 0, false)]
    [InlineData(DType.Float32, true, 0.1, false)]
    [InlineData(DType.Float32, false, 0.1, true)]
    [InlineData(DType.Float64, false, 0, false)]
    [InlineData(DType.Float64, true, 0.3, false)]
    [InlineData(DType.BFloat16, false, 0.1, false)]
    public void ItIsLibtorchsLossWithItsGradient(DType type, bool soft, double smoothing, bool weighted)
    {
        using TensorScope scope = new();
        Generator.Seed(Device.Cpu, 3);
        Tensor scores = (Normal(37, 10) * 4).To(type);
        Tensor target = soft ? Normal(37, 10).Softmax(1).To(type) : Labels(37, 10);
        Tensor? weights = weighted ? Normal(10).Abs().To(type) : null;

        (double loss, double[] gradient) = Compute((s, t) => Tensor.CrossEntropy(s, t, weights, smoothing), scores, target);
        (double expected, double[] expectedGradient) = Compute((s, t) => AtenCrossEntropy.Invoke(s, t, weights, 1, -100, smoothing), scores, target);

        double tolerance = type == DType.Float64 ? 1e-14 : 1e-6;
        Assert.Equal(expected, loss, tolerance * Math.Abs(expected));
        for (int i = 0; i < gradient.Length; i++)
        {
            Assert.Equal(expectedGradient[i], gradient[i], tolerance);
        }
    }

    [Fact]
    public void LargeScoresDoNotOverflow()
    {
        using TensorScope scope = new();
        Tensor scores = Tensor.From([1000f, -1000, 0], 1, 3);

        Assert.Equal(0, Tensor.CrossEntropy(scores, Tensor.From([0L])).ToDouble());
        Assert.Equal(2000, Tensor.CrossEntropy(scores, Tensor.From([1L])).ToDouble());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void ALossOfScoresThatAreNotFiniteIsNotFinite(float bad)
    {
        using TensorScope scope = new();
        Tensor scores = Tensor.From([1f, 2, bad, 4, 0, 0, 0, 0], 2, 4);

        Assert.False(double.IsFinite(Tensor.CrossEntropy(scores, Tensor.From([0L, 0])).ToDouble()));
    }

    [Fact]
    public void ALabelThatIsNoClassIsRefused()
    {
        using TensorScope scope = new();

        Assert.Throws<TorchException>(() => Tensor.CrossEntropy(Tensor.Zeros([1, 3]), Tensor.From([3L])));
    }

    [Fact]
    public void RightOnesAreThoseWhoseLargestScoreIsTheTargets()
    {
        using TensorScope scope = new();
        Tensor scores = Tensor.From([1f, 2, 3, 9, 8, 7, 5, 5, 1, 0, float.NaN, 1], 4, 3);

        // Of equal scores the first is the largest, and a NaN is larger than all.
        Assert.Equal(4, Tensor.CountRight(scores, Tensor.From([2L, 0, 0, 1])).ToInt64());
        Assert.Equal(0, Tensor.CountRight(scores, Tensor.From([1L, 1, 1, 2])).ToInt64());
        Assert.Equal(1, Tensor.CountRight(scores, Tensor.From([.1f, .2f, .7f, 0, 1, 0, 0, 1, 0, 0, 0, 1], 4, 3)).ToInt64());
        Assert.Equal(1, Tensor.CountRight(scores.Slice(0, 0, 2).To(DType.BFloat16), Tensor.From([2L, 1])).ToInt64());
    }

    static (double Loss, double[] Gradient) Compute(Func<Tensor, Tensor, Tensor> loss, Tensor scores, Tensor target)
    {
        Tensor leaf = scores.Clone();
        leaf.RequiresGradient = true;
        Tensor computed = loss(leaf, target);
        // Of a multiple, so that the gradient that comes in is used.
        (computed * 3).Backward();
        return (computed.To(DType.Float64).ToDouble(), leaf.Gradient!.To(DType.Float64).ToArray<double>());
    }

    static Tensor Labels(int count, int classes) => Tensor.From(Enumerable.Range(0, count).Select(i => (long)(i * 7 % classes)).ToArray());

    static Tensor Normal(params long[] shape)
    {
        Tensor drawn = Tensor.Zeros(shape);
        drawn.FillNormal();
        return drawn;
    }
}
