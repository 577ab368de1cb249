using Anneal.Torch;
using Anneal.Training.Models;
using Anneal.Training.Modules;
using Anneal.Training.Tests.Samples;

namespace Anneal.Training.Tests.Models;

public class ModelTests
{
    static readonly ImageShape Fashion = new(1, 28, 28);

    [Fact]
    public void ConvNetHas29ThousandParameters() => Assert.Equal(
        (9 * 1 * 16) + (2 * 16) + (9 * 16 * 32) + (2 * 32) + (9 * 32 * 64) + (2 * 64) + (64 * 3 * 3 * 10) + 10,
        Parameters(new ConvNet(), 29_178));

    [Theory]
    [InlineData(32, 1_645_546)]
    [InlineData(4, 26_278)]
    public void ResNet9HasEightConvolutionsAndAHead(int w, int expected)
    {
        int Block(int inputs, int outputs) => (9 * inputs * outputs) + (2 * outputs);
        Assert.Equal(
            Block(1, w) + Block(w, 2 * w) + (2 * Block(2 * w, 2 * w)) + Block(2 * w, 4 * w) + Block(4 * w, 8 * w) + (2 * Block(8 * w, 8 * w)) + (8 * w * 10) + 10,
            Parameters(new ResNet9 { Width = w }, expected));
    }

    [Fact]
    public void MlpHasAWeightAndABiasForEachLayer() => Assert.Equal(
        (784 * 20) + 20 + (20 * 30) + 30 + (30 * 10) + 10, Parameters(new Mlp { Hidden = [20, 30] }, 16_640));

    [Fact]
    public void MlpWithoutHiddenLayersIsLinear() => Assert.Equal(7850, Parameters(new Mlp { Hidden = [] }, 7850));

    [Fact]
    public void EveryModelGivesAScoreForEachClass()
    {
        foreach (Model model in new Model[] { new Mlp { Dropout = 0.5 }, new ConvNet { Dropout = 0.5 }, new ResNet9 { Width = 2 } })
        {
            using TensorScope scope = new();
            using Module module = model.Build(Fashion, 7);
            Assert.Equal([3, 7], module.Forward(Noise.Tensor([3, 1, 28, 28], 1)).Shape);
        }
    }

    [Fact]
    public void DropoutDropsInTrainingOnly()
    {
        using TensorScope scope = new();
        using Module model = new Mlp { Hidden = [50], Dropout = 0.5 }.Build(Fashion, 7);
        Noise.Fill(model);
        Tensor image = Noise.Tensor([1, 1, 28, 28], 1);
        float[] Scores() => model.Forward(image).ToArray<float>();
        Assert.NotEqual(Scores(), Scores());
        model.Train(false);
        Assert.Equal(Scores(), Scores());
    }

    [Fact]
    public void RefusesImagesThatItWouldHalveAway()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => new ConvNet().Build(new ImageShape(1, 28, 7), 10));
        Assert.Equal("Each stage of a convnet halves the image. Received: 3 stages for images of 1×28×7; take fewer widths.", e.Message);
        e = Assert.Throws<ArgumentException>(() => new ResNet9().Build(new ImageShape(3, 7, 28), 10));
        Assert.Equal("ResNet9 halves the image three times and needs at least 8×8 pixels. Received: 3×7×28.", e.Message);
    }

    [Fact]
    public void RefusesSizesThatNoLayerCanHave()
    {
        Assert.Throws<ArgumentException>(() => new ResNet9 { Width = 0 });
        Assert.Throws<ArgumentException>(() => new ResNet9 { OutputScale = 0 });
        Assert.Throws<ArgumentException>(() => new ConvNet { Widths = [] });
        Assert.Throws<ArgumentException>(() => new ConvNet { Widths = [16, 0] });
        Assert.Throws<ArgumentException>(() => new Mlp { Hidden = [0] });
        ArgumentException e = Assert.Throws<ArgumentException>(() => new Mlp { Dropout = 1 });
        Assert.Equal("Dropout must be at least 0 and below 1. Received: 1.", e.Message);
        Assert.Throws<ArgumentException>(() => new ConvNet { Dropout = -0.1 });
    }

    // The count written out, beside the formula.
    static long Parameters(Model model, long expected)
    {
        using Module module = model.Build(Fashion, 10);
        long parameters = module.Parameters().Sum(named => named.Value.Value.Count);
        Assert.Equal(expected, parameters);
        return parameters;
    }
}
