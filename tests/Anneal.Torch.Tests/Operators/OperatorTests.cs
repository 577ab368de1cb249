namespace Anneal.Torch.Tests.Operators;

public class OperatorTests
{
    [Fact]
    public void AWrongCallNamesTheOperatorTheShapesAndLibtorchsReason()
    {
        using TensorScope scope = new();
        Tensor left = Tensor.Ones([2, 3]);
        Tensor right = Tensor.Ones([4, 5], DType.Float64);

        TorchException refused = Assert.Throws<TorchException>(() => Tensor.MatMul(left, right));

        Assert.Contains("aten::matmul(Float32[2, 3] on cpu, Float64[4, 5] on cpu)", refused.Message);
    }

    [Fact]
    public void AnUnknownOperatorIsAnErrorWithItsName()
    {
        TorchException refused = Assert.Throws<TorchException>(() => new Operator("aten::no_such_thing").Invoke());

        Assert.Contains("no operator aten::no_such_thing", refused.Message);
    }

    [Fact]
    public void AMissingArgumentIsNamed()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.Ones([2]);

        TorchException refused = Assert.Throws<TorchException>(() => new Operator("aten::add", "Tensor").Invoke(x));

        Assert.Contains("'other' is missing", refused.Message);
    }

    [Fact]
    public void AReleasedTensorIsRefused()
    {
        Tensor x = Tensor.Ones([2]);
        x.Dispose();

        Assert.Throws<ObjectDisposedException>(() => x + x);
    }

    [Fact]
    public void SeveralResultsComeBackInOrder()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.From<float>([1, 2, 3, 4, 5], 5);

        Tensor?[] parts = new Operator("aten::split", "Tensor").InvokeAll(x, 2, 0);

        Assert.Equal([2, 2, 1], parts.Select(part => part!.Count));
        Assert.Equal([3f, 4f], parts[1]!.ToArray<float>());
    }
}
