using Anneal.Torch;
using Anneal.Training.Regularization;

namespace Anneal.Training.Tests.Regularization;

public class GradientNormTests
{
    [Fact]
    public void IsTheLengthOfAllGradientsTogether() => Assert.Equal(13, Norm([3, 4], [12]), 1e-12);

    [Fact]
    public void IsZeroWithoutGradients()
    {
        using TensorScope scope = new();
        Assert.Equal(0, GradientNorm.Of([Leaf(null)]));
    }

    [Fact]
    public void DoesNotOverflowWhereSquaresWould() =>
        Assert.Equal(3e38 * Math.Sqrt(40), Norm([.. Enumerable.Repeat(3e38f, 40)]), 1e33);

    [Fact]
    public void DoesNotVanishWhereSquaresWould() =>
        Assert.Equal(1e-30 * Math.Sqrt(40), Norm([.. Enumerable.Repeat(1e-30f, 40)]), 1e-36);

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void IsNotFiniteWhereOneNumberIsNot(float number)
    {
        for (int place = 0; place < 70; place++)
        {
            float[] gradient = new float[70];
            gradient[place] = number;
            Assert.False(double.IsFinite(Norm([1], gradient)));
        }
    }

    [Fact]
    public void AgreesWithLibtorchOnManyElementsWithAnyNumberOfThreads()
    {
        using TensorScope scope = new();
        Tensor gradient = (Tensor.Range(1_500_001).To(DType.Float64) * 0.37).Tanh().To(DType.Float32);
        Tensor leaf = Leaf(gradient);
        int before = Engine.Threads;
        double one, two;
        try
        {
            Engine.Threads = 1;
            one = GradientNorm.Of([leaf]);
            Engine.Threads = 2;
            two = GradientNorm.Of([leaf]);
        }
        finally
        {
            Engine.Threads = before;
        }

        Assert.Equal(one, two);
        Assert.Equal(gradient.To(DType.Float64).Norm().ToDouble(), one, 1e-9);
    }

    [Fact]
    public void TakesOtherTypesToo()
    {
        using TensorScope scope = new();
        Tensor half = Tensor.From<float>([3, 4]).To(DType.BFloat16), wide = Tensor.From<double>([12]);

        Assert.Equal(13, GradientNorm.Of([Leaf(half), Leaf(wide)]), 1e-12);
    }

    static double Norm(params float[][] gradients)
    {
        using TensorScope scope = new();
        return GradientNorm.Of([.. gradients.Select(gradient => Leaf(Tensor.From(gradient)))]);
    }

    static Tensor Leaf(Tensor? gradient)
    {
        Tensor leaf = gradient is null ? Tensor.Zeros([2]) : gradient.ZerosLike();
        leaf.RequiresGradient = true;
        leaf.Gradient = gradient;
        return leaf;
    }
}
