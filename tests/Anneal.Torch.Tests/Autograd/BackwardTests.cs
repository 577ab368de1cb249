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
    public void StartsFromAGivenGradient()
    {
        using TensorScope scope = new();
        Tensor x = Leaf(1, 2, 3);

        (x * x).Backward(Tensor.From([1f, 10f, 100f]));

        Assert.Equal([2f, 40f, 600f], x.Gradient!.ToArray<float>());
    }

    [Fact]
    public void ASecondPassNeedsTheGraphKept()
    {
        using TensorScope scope = new();
        Tensor x = Leaf(3);
        Tensor square = (x * x).Sum();

        square.Backward(keepGraph: true);
        square.Backward();

        Assert.Equal([12f], x.Gradient!.ToArray<float>());
        Assert.Contains("backward through the graph a second time", Assert.Throws<TorchException>(() => square.Backward()).Message);
    }

    [Fact]
    public void SeveralElementsNeedAGradientToStartFrom()
    {
        using TensorScope scope = new();

        TorchException refused = Assert.Throws<TorchException>(() => (Leaf(1, 2) * 2.0).Backward());

        Assert.Contains("grad can be implicitly created only for scalar outputs", refused.Message);
    }

    [Fact]
    public void NothingRecordedIsAnError()
    {
        using TensorScope scope = new();

        Assert.Contains("does not require grad", Assert.Throws<TorchException>(() => Tensor.Ones([1]).Backward()).Message);
    }

    [Fact]
    public void AChangeInPlaceOfWhatBackwardNeedsIsAnError()
    {
        using TensorScope scope = new();
        Tensor x = Leaf(3);
        Tensor doubled = x * 2.0;
        Tensor square = (doubled * doubled).Sum();

        doubled.AddInPlace(1);

        Assert.Contains("modified by an inplace operation", Assert.Throws<TorchException>(() => square.Backward()).Message);
    }

    static Tensor Leaf(params float[] values)
    {
        Tensor leaf = Tensor.From(values);
        leaf.RequiresGradient = true;
        return leaf;
    }
}
