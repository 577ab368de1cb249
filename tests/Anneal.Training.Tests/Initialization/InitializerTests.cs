using Anneal.Torch;
using Anneal.Training.Initialization;
using Anneal.Training.Models;
using Anneal.Training.Modules;

namespace Anneal.Training.Tests.Initialization;

public class InitializerTests
{
    // 500 inputs and 400 outputs; 3×3 kernels over 40 and 80 channels. Of 200,000 draws the standard deviation is known to
    // 0.16 %, of 28,800 to 0.42 %.
    public static TheoryData<Initializer, double, double> Deviations => new()
    {
        { new He(), Math.Sqrt(2.0 / 500), Math.Sqrt(2.0 / 360) },
        { new Glorot(), Math.Sqrt(2.0 / 900), Math.Sqrt(2.0 / (360 + 720)) },
        { new Xavier(), Math.Sqrt(1.0 / 500), Math.Sqrt(1.0 / 360) },
        { new LeCun(), Math.Sqrt(1.0 / 500), Math.Sqrt(1.0 / 360) },
        { new TorchDefault(), Math.Sqrt(1.0 / 1500), Math.Sqrt(1.0 / 1080) },
    };

    [Theory]
    [MemberData(nameof(Deviations))]
    public void DrawsWithItsStandardDeviation(Initializer initializer, double linear, double convolution)
    {
        foreach (Distribution distribution in Enum.GetValues<Distribution>())
        {
            Initializer drawn = initializer with { Distribution = distribution };
            CheckMoments(Weights(new Linear(500, 400), drawn), linear, 0.006, distribution);
            CheckMoments(Weights(new Conv2d(40, 80, kernel: 3), drawn), convolution, 0.015, distribution);
        }
    }

    [Fact]
    public void UniformTorchDefaultIsPyTorchs()
    {
        double[] weights = Weights(new Linear(500, 400), new TorchDefault { Distribution = Distribution.Uniform });
        Assert.Equal(1 / Math.Sqrt(500), weights.Max(), 1e-5);
    }

    [Fact]
    public void DependsOnSeedAndNamesAndNotOnTheOrderOfLayers()
    {
        using Sequential one = new(("a", new Linear(5, 6)), ("b", new Linear(5, 6)));
        using Sequential other = new(("b", new Linear(5, 6)), ("a", new Linear(5, 6)));
        float[] Drawn(Module model, string name, ulong seed)
        {
            new He().Apply(model, seed);
            return model.Parameters().First(named => named.Key == name).Value.Value.ToArray<float>();
        }
        Assert.Equal(Drawn(one, "a.weight", 3), Drawn(other, "a.weight", 3));
        Assert.NotEqual(Drawn(one, "a.weight", 3), Drawn(one, "b.weight", 3));
        Assert.NotEqual(Drawn(one, "a.weight", 3), Drawn(one, "a.weight", 4));
    }

    [Fact]
    public void StartsBiasesAtZeroAndNormalizationAsTheIdentity()
    {
        using Module model = new ResNet9 { Width = 1 }.Build(new ImageShape(1, 8, 8), 3);
        new He().Apply(model, 1);
        foreach ((string path, Parameter parameter) in model.Parameters().Where(named => named.Value.Role != ParameterRole.Weight))
        {
            float expected = path.EndsWith("norm.weight", StringComparison.Ordinal) ? 1 : 0;
            Assert.All(parameter.Value.ToArray<float>(), value => Assert.Equal(expected, value));
        }
    }

    [Fact]
    public void ZeroGammaMakesEachResidualBranchStartAtZero()
    {
        using Module model = new ResNet18().Build(new ImageShape(1, 8, 8), 3);
        new He { ZeroGamma = true }.Apply(model, 1);
        string[] zero =
        [
            .. model.Parameters()
                .Where(named => named.Value.Role == ParameterRole.Normalization && named.Key.EndsWith("weight", StringComparison.Ordinal))
                .Where(named => named.Value.Value.ToArray<float>().All(value => value == 0))
                .Select(named => named.Key),
        ];
        Assert.Equal(from stage in Enumerable.Range(1, 4) from block in new[] { 0, 1 } select $"layer{stage}.{block}.bn2.weight", zero);
    }

    [Fact]
    public void HeadGainScalesTheLastLinearLayerAlone()
    {
        float[][] Drawn(double gain)
        {
            using Module model = new Mlp { Hidden = [4] }.Build(new ImageShape(1, 2, 2), 3);
            new He { HeadGain = gain }.Apply(model, 1);
            return [.. model.Parameters().Where(named => named.Value.Role == ParameterRole.Weight).Select(named => named.Value.Value.ToArray<float>())];
        }
        float[][] plain = Drawn(1);
        float[][] small = Drawn(0.5);
        Assert.Equal(plain[0], small[0]);
        Assert.Equal(plain[1].Select(value => value / 2), small[1]);
    }

    [Fact]
    public void RefusesAWeightWithoutInputs()
    {
        using Vector model = new();
        ArgumentException e = Assert.Throws<ArgumentException>(() => new He().Apply(model, 1));
        Assert.Equal("A parameter with the role of a weight must have outputs and inputs as its first two dimensions. Received: v, Float32[3] on cpu; give it another role.", e.Message);
    }

    static double[] Weights(Module layer, Initializer initializer)
    {
        using (layer)
        {
            initializer.Apply(layer, 5);
            return Array.ConvertAll(layer.Parameters().First().Value.Value.ToArray<float>(), value => (double)value);
        }
    }

    static void CheckMoments(double[] weights, double deviation, double tolerance, Distribution distribution)
    {
        Assert.Equal(0, weights.Average() / deviation, tolerance * 2);
        Assert.Equal(1, Math.Sqrt(weights.Average(weight => weight * weight)) / deviation, tolerance);
        // 3/σ⁴ of a normal distribution, 9/5 of a uniform one.
        double kurtosis = weights.Average(weight => Math.Pow(weight / deviation, 4));
        Assert.Equal(distribution == Distribution.Normal ? 3 : 1.8, kurtosis, tolerance * 20);
    }

    sealed class Vector : Module
    {
        public Vector() => AddParameter("v", ParameterRole.Weight, Tensor.Zeros([3]));

        protected override Tensor Compute(Tensor input) => input;
    }
}
