using Anneal.Torch;
using Anneal.Training.Modules;
using Anneal.Training.Tests.Samples;

namespace Anneal.Training.Tests.Modules;

public class ModuleTests
{
    [Fact]
    public void NamesItsPartsByTheirPaths()
    {
        using Sequential model = new(
            ("first", new Linear(2, 3)), ("rest", new Sequential(new Flatten(), new Linear(3, 1, bias: false))));
        Assert.Equal(["first.weight", "first.bias", "rest.1.weight"], model.Parameters().Select(named => named.Key));
        Assert.Equal(["", "first", "rest", "rest.0", "rest.1"], model.Modules().Select(named => named.Key));
    }

    [Fact]
    public void SwitchesAllItsPartsBetweenTrainingAndEvaluation()
    {
        using ConvBlock block = new(1, 2);
        block.Train(false);
        Assert.All(block.Modules(), part => Assert.False(part.Value.IsTraining));
        block.Train();
        Assert.All(block.Modules(), part => Assert.True(part.Value.IsTraining));
    }

    [Fact]
    public void MovesWithoutChangingANumber()
    {
        using TensorScope scope = new();
        using ConvBlock block = new(2, 3);
        Noise.Fill(block);
        float[][] before = [.. block.Parameters().Select(named => named.Value.Value.ToArray<float>())];
        block.To(Device.Cpu, MemoryFormat.ChannelsLast);
        Assert.Equal(before, block.Parameters().Select(named => named.Value.Value.ToArray<float>()));
        Tensor kernel = block.Parameters().First().Value.Value;
        Assert.True(kernel.IsChannelsLast);
        Assert.True(kernel.RequiresGradient);
    }

    [Fact]
    public void KeepsItsTensorsWhenAScopeThatItWasMadeInCloses()
    {
        ConvBlock block;
        using (new TensorScope())
        {
            block = new ConvBlock(1, 2);
            block.To(Device.Cpu, MemoryFormat.ChannelsLast);
        }
        using (block)
        {
            Assert.Equal([1, 1], block.Parameters().First(named => named.Key == "norm.weight").Value.Value.ToArray<float>());
        }
    }

    [Fact]
    public void ShowsAWatcherWhatEachPartComputes()
    {
        using TensorScope scope = new();
        using Sequential model = new(new Flatten(), new Linear(4, 3));
        List<string> seen = [];
        model.Observe((part, input, output) => seen.Add($"{part.GetType().Name} {input.Shape.Length} {output.Size(-1)}"));
        model.Forward(Noise.Tensor([2, 1, 2, 2], 1));
        model.Observe(null);
        model.Forward(Noise.Tensor([2, 1, 2, 2], 1));
        Assert.Equal(["Flatten 4 4", "Linear 2 3", "Sequential 4 3"], seen);
    }

    [Fact]
    public void ResidualAddsItsBranch()
    {
        using TensorScope scope = new();
        using Residual residual = new(new Scale(3));
        Tensor input = Noise.Tensor([2, 3], 1);
        Assert.Equal(Noise.Of(6, 1).Select(value => value + (3 * value)), residual.Forward(input).ToArray<float>());
        Assert.Null(residual.LastNormalization);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.0)]
    public void DropoutRefusesWhatIsNoShare(double probability) => Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(probability));
}
