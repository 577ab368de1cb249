using Anneal.Torch;
using Anneal.Training.Averaging;
using Anneal.Training.Modules;

namespace Anneal.Training.Tests.Averaging;

public class ExponentialMovingAverageTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(7, 0.75)]
    [InlineData(26, 1 - (1 / 9.0))]
    [InlineData(1_000_000, 0.999)]
    public void TheDecayGrowsAsOneMinusAPowerUpToItsLimit(long updates, double decay) =>
        Assert.Equal(decay, new ExponentialMovingAverage { Decay = 0.999 }.DecayAt(updates), 1e-12);

    [Fact]
    public void AfterItsHalfLifeHalfOfTheOldWeightsIsLeft()
    {
        using TensorScope scope = new();
        using Norm model = new();
        using IBoundAverage average = new ExponentialMovingAverage { HalfLife = 5, Warmup = false }.Bind(model);
        model.Set(weight: 3, mean: 10);
        for (int update = 0; update < 5; update++)
        {
            average.Update();
        }

        // Weights from 1 to 3 and running means from 0 to 10, both half-way.
        Assert.Equal(2f, Read(average, "weight"), 1e-5f);
        Assert.Equal(5f, Read(average, "running_mean"), 1e-5f);
        Assert.Equal(5, average.Updates);
    }

    [Fact]
    public void WithWarmupTheFirstUpdateForgetsTheInitialWeights()
    {
        using TensorScope scope = new();
        using Norm model = new();
        using IBoundAverage average = new ExponentialMovingAverage().Bind(model);
        model.Set(weight: 4, mean: 8);

        average.Update();

        Assert.Equal(4f, Read(average, "weight"));
        Assert.Equal(8f, Read(average, "running_mean"));
    }

    [Fact]
    public void CountersAreCopied()
    {
        using TensorScope scope = new();
        using Norm model = new();
        using IBoundAverage average = new ExponentialMovingAverage { Warmup = false }.Bind(model);
        model.Buffer("num_batches_tracked").Fill(41);

        average.Update();

        Assert.Equal(41, average.Tensors.Single(named => named.Key == "num_batches_tracked").Value.ToInt64());
    }

    [Fact]
    public void ExchangingTwiceLeavesEveryBitAsItWas()
    {
        using TensorScope scope = new();
        using Norm model = new();
        using IBoundAverage average = new ExponentialMovingAverage { Decay = 0.3, Warmup = false }.Bind(model);
        model.Set(weight: 0.1, mean: 0.7);
        average.Update();
        float averaged = Read(average, "weight");

        average.Exchange();
        Assert.Equal(averaged, model.Scale.Detach().ToArray<float>()[0]);
        Assert.Equal(0.1f, Read(average, "weight"));

        average.Exchange();
        Assert.Equal(0.1f, model.Scale.Detach().ToArray<float>()[0]);
        Assert.Equal(averaged, Read(average, "weight"));
        Assert.True(model.Scale.RequiresGradient);
    }

    [Fact]
    public void TheAverageIsSeparateFromTheModel()
    {
        using TensorScope scope = new();
        using Norm model = new();
        using IBoundAverage average = new ExponentialMovingAverage().Bind(model);

        model.Set(weight: 9, mean: 9);

        Assert.Equal(1f, Read(average, "weight"));
        Assert.Equal(model.Norm2d.State().Select(named => named.Key), average.Tensors.Select(named => named.Key));
    }

    [Fact]
    public void ImpossibleValuesAreRefused()
    {
        Assert.Throws<ArgumentException>(() => new ExponentialMovingAverage { Decay = 1 });
        Assert.Throws<ArgumentException>(() => new ExponentialMovingAverage { HalfLife = 0 });
        Assert.Throws<ArgumentException>(() => new ExponentialMovingAverage { WarmupPower = 0 });
    }

    static float Read(IBoundAverage average, string name) => average.Tensors.Single(named => named.Key == name).Value.ToArray<float>()[0];

    /// <summary>A normalization layer whose numbers a test can set.</summary>
    sealed class Norm : IDisposable
    {
        internal BatchNorm2d Norm2d { get; } = new(3);

        internal Tensor Scale => Norm2d.Scale;

        public static implicit operator Module(Norm norm) => norm.Norm2d;

        internal Tensor Buffer(string name) => Norm2d.Buffers().Single(named => named.Key == name).Value.Value;

        internal void Set(double weight, double mean)
        {
            using GradientMode.Restore unrecorded = GradientMode.Off();
            Scale.Fill(weight);
            Buffer("running_mean").Fill(mean);
        }

        public void Dispose() => Norm2d.Dispose();
    }
}
