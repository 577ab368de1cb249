using Anneal.Search;
using Anneal.Torch;
using Anneal.Training.Inspection;
using Anneal.Training.Models;
using Anneal.Training.Modules;
using Anneal.Training.Tests.Samples;

namespace Anneal.Training.Tests.Inspection;

public class ActivationTableTests
{
    [Fact]
    public void MeasuresWhatEachLayerMakes()
    {
        using TensorScope scope = new();
        using Sequential model = new(("linear", new Anneal.Training.Modules.Linear(1, 2)), ("relu", new Activation(ActivationKind.Relu)));
        // Scores x and −2x of the inputs 1 and 3.
        Set(model, "linear.weight", [1, -2]);
        (IReadOnlyList<LayerActivation> layers, float[] logits) = ActivationTable.Of(model, Tensor.From([1f, 3f], 2, 1));
        Assert.Equal([1, 0, 3, 0], logits);
        // 1, −2, 3, −6: mean −1, mean square 50/4.
        Assert.Equal(("linear", -1.0, 0.0), (layers[0].Layer, layers[0].Mean, layers[0].Zeros));
        Assert.Equal(Math.Sqrt((50.0 / 4) - 1), layers[0].StandardDeviation, 1e-6);
        Assert.Equal(("relu", 1.0, 0.5, "just right"), (layers[1].Layer, layers[1].Mean, layers[1].Zeros, layers[1].Verdict));
        Assert.Equal(Math.Sqrt((10.0 / 4) - 1), layers[1].StandardDeviation, 1e-6);
    }

    [Theory]
    [InlineData(0.001f, "too small")]
    [InlineData(1000f, "too large")]
    public void NamesWeightsThatMakeSignalsVanishOrExplode(float weight, string verdict)
    {
        using TensorScope scope = new();
        using Sequential model = new(("linear", new Anneal.Training.Modules.Linear(1, 2)));
        Set(model, "linear.weight", [weight, -weight]);
        Assert.Equal(verdict, ActivationTable.Of(model, Tensor.From([1f, 3f], 2, 1)).Layers[0].Verdict);
    }

    [Theory]
    [InlineData("convnet", 3)]
    [InlineData("resnet9", 8)]
    [InlineData("resnet18", 17)]
    public void SeesTheReluOfEveryConvolution(string name, int expected)
    {
        using TensorScope scope = new();
        Model recipe = name switch
        {
            "convnet" => new ConvNet(),
            "resnet9" => new ResNet9 { Width = 4 },
            _ => new ResNet18(),
        };
        using Module model = recipe.Build(new ImageShape(1, 16, 16), 10);
        Noise.Fill(model);
        LayerActivation[] relus = [.. ActivationTable.Of(model, Noise.Tensor([4, 1, 16, 16], 5)).Layers.Where(layer => layer.Layer.Contains("relu", StringComparison.Ordinal))];
        Assert.Equal(expected, relus.Length);
        Assert.Equal(expected, relus.DistinctBy(layer => layer.Layer).Count());
        Assert.All(relus, relu => Assert.InRange(relu.Zeros, 0.05, 0.95));
    }

    static void Set(Module model, string name, float[] values) =>
        model.Parameters().First(named => named.Key == name).Value.Value.LoadBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values));
}
