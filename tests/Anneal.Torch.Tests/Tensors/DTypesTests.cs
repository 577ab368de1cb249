namespace Anneal.Torch.Tests.Tensors;

public class DTypesTests
{
    [Fact]
    public void SizesAreLibtorchs()
    {
        using TensorScope scope = new();
        foreach (DType type in Enum.GetValues<DType>())
        {
            Tensor tensor = Tensor.Zeros([3], type);
            tensor.CopyBytesTo(new byte[3 * type.Size()]);
            Assert.Throws<TorchException>(() => tensor.CopyBytesTo(new byte[(3 * type.Size()) + 1]));
        }
    }

    [Fact]
    public void OnlyFourTypesAreRealNumbers() => Assert.Equal(
        [DType.Float16, DType.Float32, DType.Float64, DType.BFloat16],
        Enum.GetValues<DType>().Where(type => type.IsFloatingPoint()));

    [Fact]
    public void AnUnknownTypeHasNoSize() => Assert.Throws<ArgumentOutOfRangeException>(() => ((DType)9).Size());
}
