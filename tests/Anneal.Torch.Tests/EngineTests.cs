namespace Anneal.Torch.Tests;

public class EngineTests
{
    [Fact]
    public void SaysWhichBuildItIs()
    {
        Assert.Matches(@"^\d+\.\d+\.\d+", Engine.Version);
        Assert.Contains("PyTorch built with", Engine.BuildConfiguration);
        Assert.Contains("at::get_num_threads()", Engine.Threading);
    }

    [Fact]
    public void SaysWhichLibraryWasLoaded()
    {
        Assert.True(Path.IsPathFullyQualified(Engine.NativeLibrary));
        Assert.True(File.Exists(Engine.NativeLibrary));
    }

    [Fact]
    public void ThreadsAreAsSet()
    {
        int before = Engine.Threads;
        try
        {
            Engine.Threads = 3;
            Assert.Equal(3, Engine.Threads);
            Engine.Threads = 1;
            Assert.Equal(1, Engine.Threads);
        }
        finally
        {
            Engine.Threads = before;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-4)]
    public void ThereIsAtLeastOneThread(int threads)
    {
        TorchException refused = Assert.Throws<TorchException>(() => Engine.Threads = threads);

        Assert.Contains($"must be at least 1, but is {threads}", refused.Message);
    }

    [Fact]
    public void TheProcessorIsAlwaysDone() => Engine.Synchronize(Device.Cpu);

    [Fact]
    public void ADeviceBeyondThoseThereAreIsRefused()
    {
        Assert.InRange(Engine.CudaDevices, 0, 127);
        Assert.Throws<TorchException>(() => Tensor.Zeros([1], device: Device.Cuda(Engine.CudaDevices)));
    }
}
