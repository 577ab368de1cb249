namespace Anneal.Torch.Tests.Autograd;

public class GradientModeTests
{
    [Fact]
    public void NestsAndComesBackToWhatItWas()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.Ones([1]);
        x.RequiresGradient = true;
        List<bool> recorded = [];
        void Look() => recorded.Add((x * 2.0).RequiresGradient);

        using (GradientMode.Off())
        {
            Look();
            using (GradientMode.On())
            {
                Look();
                using (GradientMode.Off())
                {
                    Look();
                }
                Look();
            }
            Look();
            using (GradientMode.Off())
            {
                Look();
            }
            Look();
        }
        Look();

        Assert.Equal([false, true, false, true, false, false, false, true], recorded);
    }

    [Fact]
    public void ComesBackAfterAnException()
    {
        using TensorScope scope = new();
        Tensor x = Tensor.Ones([1]);
        x.RequiresGradient = true;

        Assert.Throws<TorchException>(() =>
        {
            using (GradientMode.Off())
            {
                Tensor.Concatenate([]);
            }
        });

        Assert.True((x * 2.0).RequiresGradient);
    }

    [Fact]
    public void IsTheThreadsOwn()
    {
        using GradientMode.Restore off = GradientMode.Off();
        bool recorded = false;
        Thread other = new(() =>
        {
            using TensorScope scope = new();
            Tensor x = Tensor.Ones([1]);
            x.RequiresGradient = true;
            recorded = (x * 2.0).RequiresGradient;
        });
        other.Start();
        other.Join();

        Assert.True(recorded);
    }
}
