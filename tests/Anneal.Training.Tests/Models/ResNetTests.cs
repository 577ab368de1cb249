using Anneal.Torch;
using Anneal.Training.Models;
using Anneal.Training.Modules;
using Anneal.Training.Tests.Samples;

namespace Anneal.Training.Tests.Models;

public class ResNetTests
{
    public static TheoryData<string> Names => ["resnet18", "resnet34", "resnet50"];

    [Theory]
    [MemberData(nameof(Names))]
    public void HasTorchvisionsNamesAndShapes(string name)
    {
        using Module model = Of(name);
        Assert.Equal(
            Goldens.Torchvision[name].Order(StringComparer.Ordinal),
            model.State().Select(named => $"{named.Key} [{string.Join(", ", named.Value.Shape)}]").Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void GivesTorchvisionsScores(string name)
    {
        using Module model = Of(name);
        Noise.Fill(model);
        model.Train(false);
        using TensorScope scope = new();
        using GradientMode.Restore unrecorded = GradientMode.Off();
        float[] scores = model.Forward(Noise.Tensor([2, 3, 32, 32], 999)).ToArray<float>();
        double[] expected = Goldens.Numbers.GetProperty("outputs").GetProperty(name).Array();
        double largest = expected.Max(Math.Abs);
        Assert.Equal(expected.Length, scores.Length);
        Assert.All(expected.Zip(scores), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * largest));
    }

    static Module Of(string name)
    {
        Model model = name switch
        {
            "resnet18" => new ResNet18(),
            "resnet34" => new ResNet34(),
            _ => new ResNet50(),
        };
        return model.Build(new ImageShape(3, 32, 32), 10);
    }
}
