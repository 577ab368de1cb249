namespace Anneal.Torch.Tests.Tensors;

public class DeviceTests
{
    [Fact]
    public void TheDefaultIsTheProcessor()
    {
        Assert.Equal(Device.Cpu, default);
        Assert.Equal(-1, default(Device).Index);
        Assert.False(default(Device).IsCuda);
    }

    [Theory]
    [InlineData("cpu", "cpu")]
    [InlineData("cuda", "cuda:0")]
    [InlineData("cuda:3", "cuda:3")]
    [InlineData("cuda:127", "cuda:127")]
    public void ReadsItsOwnText(string text, string shown) => Assert.Equal(shown, Device.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("CPU")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:128")]
    [InlineData("cuda: 1")]
    public void AnyOtherTextIsRefused(string text) =>
        Assert.Equal($"A device is cpu, cuda or cuda:N. Received: {text}.", Assert.Throws<FormatException>(() => Device.Parse(text)).Message);

    [Theory]
    [InlineData(-1)]
    [InlineData(128)]
    public void AnIndexBeyondLibtorchsIsRefused(int index) => Assert.Throws<ArgumentOutOfRangeException>(() => Device.Cuda(index));
}
