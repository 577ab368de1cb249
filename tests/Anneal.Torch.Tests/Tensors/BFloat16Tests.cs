namespace Anneal.Torch.Tests.Tensors;

public class BFloat16Tests
{
    [Fact]
    public void RoundsAsLibtorchDoes()
    {
        using TensorScope scope = new();
        // Every 65,537th pattern of 32 bits: all signs, exponents and ways to round.
        float[] singles = [.. Enumerable.Range(0, 65_536).Select(i => BitConverter.UInt32BitsToSingle((uint)i * 65_537u))];

        BFloat16[] expected = Tensor.From(singles).To(DType.BFloat16).ToArray<BFloat16>();

        for (int i = 0; i < singles.Length; i++)
        {
            float converted = (BFloat16)singles[i];
            Assert.True(converted.Equals((float)expected[i]), $"{singles[i]:R} became {converted:R}; libtorch has {(float)expected[i]:R}");
        }
    }

    [Theory]
    [InlineData(1f, 0x3F80)]
    [InlineData(1.00390625f, 0x3F80)]
    [InlineData(1.01171875f, 0x3F82)]
    [InlineData(float.MaxValue, 0x7F80)]
    [InlineData(float.NegativeInfinity, 0xFF80)]
    public void TiesGoToTheEvenOneAndTooLargeBecomesInfinite(float value, int bits) =>
        Assert.Equal((ushort)bits, ((BFloat16)value).Bits);

    [Fact]
    public void NotANumberStaysSo() => Assert.True(float.IsNaN((BFloat16)float.NaN));

    [Fact]
    public void ShowsTheNumber() => Assert.Equal("-2.5", ((BFloat16)(-2.5f)).ToString());
}
