namespace Anneal.Torch.Tests.Autograd;

public class GradientTests
{
    [Fact]
    public void ThereIsNoneBeforeABackwardPass()
    {
        using Tensor x = Leaf();

        Assert.Null(x.Gradient);
    }

    [Fact]
    public void NullTakesItAway()
    {
        using TensorScope scope = new();
        Tensor x = Leaf();
        x.Sum().Backward();

        x.Gradient = null;

        Assert.Null(x.Gradient);
    }

    [Fact]
    public void IsTheSameMemoryAtEachCall()
    {
        using TensorScope scope = new();
        Tensor x = Leaf();
        x.Sum().Backward();

        x.Gradient!.MultiplyInPlace(0.5);

        Assert.Equal([0.5f, 0.5f], x.Gradient!.ToArray<float>());
    }

    [Fact]
    public void WhatIsSetIsAddedTo()
    {
        using TensorScope scope = new();
        Tensor x = Leaf();

        x.Gradient = Tensor.From([10f, 20f]);
        x.Sum().Backward();

        Assert.Equal([11f, 21f], x.Gradient!.ToArray<float>());
    }

    [Fact]
    public void AnotherShapeOrTypeIsRefused()
    {
        using TensorScope scope = new();
        Tensor x = Leaf();

        Assert.Contains("[2] Float cpu, but has [3] Float cpu", Assert.Throws<TorchException>(() => x.Gradient = Tensor.Ones([3])).Message);
        Assert.Contains("but has [2] Double cpu", Assert.Throws<TorchException>(() => x.Gradient = Tensor.Ones([2], DType.Float64)).Message);
        Assert.Null(x.Gradient);
    }

    [Fact]
    public void WhatIsNoLeafHasNone()
    {
        using TensorScope scope = new();
        Tensor doubled = Leaf() * 2.0;
        doubled.Sum().Backward();

        Assert.Null(doubled.Gradient);
    }

    [Fact]
    public void IntegersHaveNone()
    {
        using Tensor integers = Tensor.From([1L]);

        Assert.Contains("Tensors of floating point", Assert.Throws<TorchException>(() => integers.RequiresGradient = true).Message);
    }

    [Fact]
    public void ATensorMayStopAskingForIt()
    {
        using TensorScope scope = new();
        Tensor x = Leaf();

        x.RequiresGradient = false;

        Assert.False((x * 2.0).RequiresGradient);
    }

    [Fact]
    public void StaysWhenTheTensorIsReleasedInTheScopeOfAStep()
    {
        using Tensor x = Leaf();
        using (new TensorScope())
        {
            (x * x).Sum().Backward();
        }
        using Tensor? gradient = x.Gradient;

        Assert.Equal([2f, 2f], gradient!.ToArray<float>());
    }

    static Tensor Leaf()
    {
        Tensor leaf = Tensor.Ones([2]);
        leaf.RequiresGradient = true;
        return leaf;
    }
}
