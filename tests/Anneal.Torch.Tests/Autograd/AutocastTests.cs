namespace Anneal.Torch.Tests.Autograd;

public class AutocastTests
{
    [Fact]
    public void MultipliesInTheLowerPrecisionAndReducesInSingle()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.Ones([4, 4]);

        using (Autocast.Enter(Device.Cpu, DType.BFloat16))
        {
            Tensor product = Tensor.MatMul(x, x);
            Assert.Equal(DType.BFloat16, product.DType);
            Assert.Equal(DType.Float32, Tensor.CrossEntropy(product, Tensor.Range(4)).DType);
        }
    }

    [Fact]
    public void NestsAndComesBackToWhatItWas()
    {
        using TensorScope scope = new();
        List<DType> types = [Look()];
        using (Autocast.Enter(Device.Cpu, DType.BFloat16))
        {
            types.Add(Look());
            using (Autocast.Enter(Device.Cpu, DType.Float32))
            {
                types.Add(Look());
                using (Autocast.Enter(Device.Cpu, DType.BFloat16))
                {
                    types.Add(Look());
                }
                types.Add(Look());
            }
            types.Add(Look());
            using (Autocast.Enter(Device.Cpu, DType.BFloat16))
            {
                types.Add(Look());
            }
            types.Add(Look());
        }
        types.Add(Look());

        Assert.Equal(
            [DType.Float32, DType.BFloat16, DType.Float32, DType.BFloat16, DType.Float32, DType.BFloat16, DType.BFloat16, DType.BFloat16, DType.Float32],
            types);
    }

    [Fact]
    public void CastCopiesOfWeightsAreDroppedAtTheEndOfTheOutermostRegion()
    {
        using TensorScope scope = new();
        Tensor weight = Tensor.Ones([2, 2]);
        weight.RequiresGradient = true;
        Tensor x = Tensor.Ones([1, 2]);

        for (int step = 1; step <= 3; step++)
        {
            using (Autocast.Enter(Device.Cpu, DType.BFloat16))
            {
                Assert.Equal([2f * step, 2f * step], Tensor.MatMul(x, weight).To(DType.Float32).ToArray<float>());
            }
            using GradientMode.Restore off = GradientMode.Off();
            weight.AddInPlace(1);
        }
    }

    [Fact]
    public void GradientsOfSingleWeightsAreSingle()
    {
        using TensorScope scope = new();
        Tensor weight = Tensor.Ones([2, 2]);
        weight.RequiresGradient = true;
        Tensor loss;
        using (Autocast.Enter(Device.Cpu, DType.BFloat16))
        {
            loss = Tensor.MatMul(Tensor.Ones([1, 2]), weight).Sum();
        }

        loss.Backward();

        Assert.Equal(DType.Float32, weight.Gradient!.DType);
        Assert.Equal([1f, 1f, 1f, 1f], weight.Gradient!.ToArray<float>());
    }

    [Theory]
    [InlineData(DType.Float16)]
    [InlineData(DType.Int64)]
    public void AnotherPrecisionOnTheProcessorIsRefused(DType precision)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => Autocast.Enter(Device.Cpu, precision).Dispose());

        Assert.Contains($"Received: {precision} on cpu", refused.Message);
    }

    static DType Look()
    {
        Tensor x = Tensor.Ones([2, 2]);
        return Tensor.MatMul(x, x).DType;
    }
}
