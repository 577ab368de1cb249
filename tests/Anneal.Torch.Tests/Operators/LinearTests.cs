namespace Anneal.Torch.Tests.Operators;

/// <summary>The fused linear layer against libtorch's own operators.</summary>
public class LinearTests
{
    static readonly Operator AtenLinear = new("aten::linear");

    public static TheoryData<int, int, int, bool, bool> Cases
    {
        get
        {
            TheoryData<int, int, int, bool, bool> data = [];
            // Whole blocks, and what is left of each dimension: rows, numbers to add up, outputs.
            foreach ((int rows, int inner, int outputs) in ((int, int, int)[])[(32, 784, 128), (32, 128, 10), (5, 7, 3), (33, 100, 17), (1, 16, 1), (2, 1, 80)])
            {
                foreach (bool relu in (bool[])[false, true])
                {
                    data.Add(rows, inner, outputs, relu, true);
                    data.Add(rows, inner, outputs, relu, false);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ItIsTheProductWithItsGradients(int rows, int inner, int outputs, bool relu, bool bias)
    {
        using TensorScope scope = new();
        Generator.Seed(Device.Cpu, 5);
        Tensor[] leaves = [Normal(rows, inner), Normal(outputs, inner), Normal(outputs)];
        Tensor gradient = Normal(rows, outputs);

        (Tensor result, Tensor?[] gradients) = Compute(Ours, leaves, DType.Float32, relu, bias, gradient);
        (Tensor expected, Tensor?[] expectedGradients) = Compute(Libtorch, leaves, DType.Float64, relu, bias, gradient);

        // Float32's rounding, over sums of at most 784 products.
        AssertClose(expected, result, 2e-6);
        for (int i = 0; i < (bias ? 3 : 2); i++)
        {
            AssertClose(expectedGradients[i]!, gradients[i]!, 2e-6);
        }
    }

    [Fact]
    public void NoGradientIsMadeForAnInputThatWantsNone()
    {
        using TensorScope scope = new();
        Tensor input = Tensor.Ones([2, 3]);
        Tensor weight = Tensor.Ones([4, 3]);
        weight.RequiresGradient = true;

        Tensor.LinearRelu(input, weight).Sum().Backward();

        Assert.Null(input.Gradient);
        Assert.All(weight.Gradient!.ToArray<float>(), value => Assert.Equal(2, value));
    }

    [Fact]
    public void AutocastLowersItsPrecisionAsItDoesLibtorchs()
    {
        using TensorScope scope = new();
        Tensor input = Normal(4, 8), weight = Normal(3, 8);
        using (Autocast.Enter(Device.Cpu, DType.BFloat16))
        {
            Assert.Equal(DType.BFloat16, Tensor.Linear(input, weight).DType);
        }
        Assert.Equal(DType.Float32, Tensor.Linear(input, weight).DType);
    }

    [Fact]
    public void ANaNPassesTheRelu()
    {
        using TensorScope scope = new();
        Tensor weight = Tensor.Ones([2, 2]);
        Tensor input = Tensor.From([1f, float.NaN, -1, -1], 2, 2);

        float[] found = Tensor.LinearRelu(input, weight).ToArray<float>();

        Assert.Equal([float.NaN, float.NaN, 0, 0], found);
    }

    static Tensor Ours(Tensor input, Tensor weight, Tensor? bias, bool relu) =>
        relu ? Tensor.LinearRelu(input, weight, bias) : Tensor.Linear(input, weight, bias);

    static Tensor Libtorch(Tensor input, Tensor weight, Tensor? bias, bool relu)
    {
        Tensor result = AtenLinear.Invoke(input, weight, bias);
        return relu ? result.Relu() : result;
    }

    static (Tensor Result, Tensor?[] Gradients) Compute(
        Func<Tensor, Tensor, Tensor?, bool, Tensor> layer, Tensor[] given, DType type, bool relu, bool bias, Tensor gradient)
    {
        Tensor[] leaves = [.. given.Select(tensor => tensor.To(type).Clone())];
        foreach (Tensor leaf in leaves)
        {
            leaf.RequiresGradient = true;
        }
        Tensor result = layer(leaves[0], leaves[1], bias ? leaves[2] : null, relu);
        result.Backward(gradient.To(type));
        return (result, [.. leaves.Select(leaf => leaf.Gradient)]);
    }

    static Tensor Normal(params long[] shape)
    {
        Tensor drawn = Tensor.Zeros(shape);
        drawn.FillNormal();
        return drawn;
    }

    static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        double[] wanted = expected.Detach().To(DType.Float64).ToArray<double>();
        double[] found = actual.Detach().To(DType.Float64).ToArray<double>();
        Assert.Equal(expected.Shape, actual.Shape);
        double scale = Math.Max(1e-3, wanted.Max(Math.Abs));
        for (int i = 0; i < wanted.Length; i++)
        {
            Assert.InRange(found[i], wanted[i] - (tolerance * scale), wanted[i] + (tolerance * scale));
        }
    }
}
