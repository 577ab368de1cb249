namespace Anneal.Torch.Tests.Autograd;

public class BackwardTests
{
    [Fact]
    public void GivesTheGradientOfASquare()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.From<float>([1, 2, 3]);
        x.RequiresGradient = true;

        (x * x).Sum().Backward();

        Assert.Equal([2f, 4f, 6f], x.Gradient!.ToArray<float>());
    }

    [Fact]
    public void AddsUpOverSeveralPasses()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.From<float>([3]);
        x.RequiresGradient = true;

        (x * 2.0).Sum().Backward();
        (x * 5.0).Sum().Backward();

        Assert.Equal([7f], x.Gradient!.ToArray<float>());
    }

    [Fact]
    public void RecordsNothingWhileGradientModeIsOff()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.From<float>([3]);
        x.RequiresGradient = true;
        using (GradientMode.Off())
        {
            Assert.False((x * 2.0).RequiresGradient);
        }
        Assert.True((x * 2.0).RequiresGradient);
    }

    [Fact]
    public void AutocastMultipliesInBFloat16AndLeavesNoTrace()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.Ones([4, 8]);
        using (Torch.Autocast.Enter(Device.Cpu, DType.BFloat16))
        {
            Assert.Equal(DType.BFloat16, Tensor.MatMul(x, x.Transpose()).DType);
        }
        Assert.Equal(DType.Float32, Tensor.MatMul(x, x.Transpose()).DType);
    }
}
