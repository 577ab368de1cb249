using Anneal.Durations;
using Anneal.Events;
using Anneal.Torch;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Models;
using Anneal.Training.Modules;
using Anneal.Training.Optimizers;
using Anneal.Training.Rates;
using Anneal.Training.Recipes;
using Anneal.Training.Tests.Samples;

namespace Anneal.Training.Tests.Rates;

public class RateFactorTests
{
    static readonly ImageShape Images = new(1, 28, 28);

    [Fact]
    public void NumbersTheLayersAndStagesOfAResidualNetwork()
    {
        using Module model = new ResNet18().Build(new ImageShape(3, 64, 64), 10);
        Dictionary<string, ParameterPlace> places = ParameterPlace.Of(model).ToDictionary(place => place.Path);
        Assert.All(places.Values, place => Assert.Equal((6, 10), (place.Stages, place.Layers)));
        // The first convolution with its normalization, four stages of two blocks, the last layer.
        Assert.Equal([0, 0, 1, 1, 2, 4, 5, 5], Of(place => place.Stage));
        Assert.Equal([0, 0, 1, 2, 3, 8, 9, 9], Of(place => place.Layer));

        int[] Of(Func<ParameterPlace, int> number) =>
        [
            .. ((string[])["conv1.weight", "bn1.weight", "layer1.0.conv1.weight", "layer1.1.bn2.bias", "layer2.0.downsample.0.weight", "layer4.1.conv2.weight", "fc.weight", "fc.bias"])
                .Select(path => number(places[path])),
        ];
    }

    [Fact]
    public void LayerDecayIsAPowerOfTheDistanceFromTheLastLayer()
    {
        // Seven layers.
        Dictionary<string, double> rates = RatesOf(new ResNet9 { Width = 2 }, new LayerDecay { Factor = 0.5 });
        Assert.Equal(1.0 / 64, rates["prepare.conv.weight"]);
        Assert.Equal(1.0 / 64, rates["prepare.norm.bias"]);
        Assert.Equal(1.0 / 16, rates["residual1.branch.1.conv.weight"]);
        Assert.Equal(0.5, rates["residual3.branch.0.norm.weight"]);
        Assert.Equal(1, rates["head.weight"]);
        Assert.Equal(1, rates["head.bias"]);
    }

    [Fact]
    public void DiscriminativeRatesFallByStages()
    {
        Dictionary<string, double> rates = RatesOf(new ResNet18(), new Discriminative());
        Assert.Equal(1, rates["fc.weight"]);
        Assert.Equal(1 / 2.6, rates["layer4.0.conv1.weight"], 1e-15);
        Assert.Equal(1 / 2.6, rates["layer4.1.conv2.weight"], 1e-15);
        Assert.Equal(Math.Pow(2.6, -5), rates["bn1.weight"], 1e-15);
    }

    [Fact]
    public void SeveralMultiplyEachOther()
    {
        Dictionary<string, double> rates = RatesOf(new Mlp { Hidden = [4, 4] }, new Discriminative { Divisor = 10 }, new BiasRate { Factor = 3 }, new PathRate { Path = "1", Factor = 7 });
        Assert.Equal(0.01 * 7, rates["1.weight"], 1e-15);
        Assert.Equal(0.01 * 7 * 3, rates["1.bias"], 1e-15);
        Assert.Equal(0.1, rates["3.weight"], 1e-15);
        Assert.Equal(3, rates["5.bias"], 1e-15);
    }

    [Fact]
    public void APathMeansWholeNames()
    {
        PathRate rate = new() { Path = "layer1", Factor = 0 };
        Assert.Equal(0, rate.Of(Place("layer1.0.weight")));
        Assert.Equal(0, rate.Of(Place("layer1")));
        Assert.Null(rate.Of(Place("layer10.weight")));
        Assert.Null(rate.Of(Place("block.layer1.weight")));
    }

    [Fact]
    public void ARateOfZeroKeepsAPartAsItWas()
    {
        Recipe recipe = Small.Recipe with
        {
            Model = new Mlp { Hidden = [8, 8] },
            Optimizer = new Sgd { Momentum = 0.9, WeightDecay = 0.01 },
            RateFactors = [new PathRate { Path = "3", Factor = 0 }],
        };
        using Dataset data = SmallData.Striped();
        using TrainingRun run = new(recipe, data);
        Dictionary<string, string> before = Bits.Of(run.Model);
        foreach (TrainingEvent _ in run.Events())
        {
        }
        Dictionary<string, string> after = Bits.Of(run.Model);
        Assert.Equal(["3.bias", "3.weight"], after.Keys.Where(path => after[path] == before[path]).Order());
    }

    [Fact]
    public void FactorsOfOneChangeNoBit()
    {
        using MemoryStore plain = new();
        using MemoryStore grouped = new();
        Small.Train(Small.Recipe, plain);
        Small.Train(Small.Recipe with { RateFactors = [new PathRate { Path = "1", Factor = 1 }, new LayerDecay { Factor = 1 }, new BiasRate { Factor = 1 }] }, grouped);
        Assert.Equal(Bits.Of(plain.Newest.Tensors), Bits.Of(grouped.Newest.Tensors));
    }

    [Fact]
    public void AFactorIsARateOfItsOwn()
    {
        // One update from the same start: what a parameter moves by is its rate times its gradient.
        Dictionary<string, float[]> Move(params IRateFactor[] factors)
        {
            using TensorScope scope = new();
            using Dataset data = SmallData.Striped();
            using TrainingRun run = new(Small.Recipe with { Duration = Duration.Steps(1), Validation = 0, RateFactors = factors }, data);
            Dictionary<string, float[]> before = Values();
            foreach (TrainingEvent _ in run.Events())
            {
            }
            return Values().ToDictionary(named => named.Key, named => named.Value.Zip(before[named.Key], (now, then) => now - then).ToArray());

            Dictionary<string, float[]> Values() => run.Model.Parameters().ToDictionary(named => named.Key, named => named.Value.Value.Detach().ToArray<float>());
        }
        Dictionary<string, float[]> plain = Move();
        Dictionary<string, float[]> quarter = Move(new PathRate { Path = "1.weight", Factor = 0.25 });
        Assert.Contains(plain["1.weight"], moved => moved != 0);
        Assert.All(plain["1.weight"].Zip(quarter["1.weight"]), pair => Assert.Equal(0.25f * pair.First, pair.Second, 1e-6f));
        Assert.Equal(plain["1.bias"], quarter["1.bias"]);
        Assert.Equal(plain["3.weight"], quarter["3.weight"]);
    }

    [Fact]
    public void NamesTheFactorThatAppliesToNothing()
    {
        RecipeException e = Assert.Throws<RecipeException>(() => Small.Train(Small.Recipe with { Model = new ResNet9 { Width = 1 }, RateFactors = [new PathRate { Path = "layr1", Factor = 2 }] }));
        Assert.Equal(
            "rate-factors: A rate factor must apply to a parameter of the model. Received: PathRate { Path = layr1, Factor = 2 }. Did you mean 'layer1'? " +
            "Parts of this model: prepare, layer1, residual1, layer2, layer3, residual3, head.", e.Message);
    }

    [Fact]
    public void RefusesFactorsWhoseProductIsNotFinite()
    {
        using Module model = new Linear(2, 2);
        PathRate huge = new() { Path = "weight", Factor = 1e300 };
        ArgumentException e = Assert.Throws<ArgumentException>(() => ParameterGroups.Of(model, huge, huge));
        Assert.Equal("The rate factors of a parameter must multiply to a finite number. Received: Infinity for weight.", e.Message);
    }

    [Theory]
    [InlineData("{name: layer-decay, factor: 1.5}", "The factor of a layer decay must be above 0 and at most 1. Received: 1.5.")]
    [InlineData("{name: discriminative, divisor: 0.5}", "The divisor of discriminative rates must be at least 1. Received: 0.5.")]
    [InlineData("{name: bias-rate, factor: -1}", "The factor of biases must be at least 0. Received: -1.")]
    [InlineData("{name: path-rate, path: '', factor: 1}", "A path must have 1 to 200 characters. Received: 0.")]
    [InlineData("{name: path-rate, path: head}", "path-rate needs factor. Received: path.")]
    public void SaysWhatIsWrongWithIt(string text, string message) =>
        Assert.Contains(message, Assert.Throws<RecipeException>(() => RecipeText.Read($"rate-factors: [{text}]")).Message);

    static ParameterPlace Place(string path) => new(path, ParameterRole.Weight, 0, 1, 0, 1);

    static Dictionary<string, double> RatesOf(Model recipe, params IRateFactor[] factors)
    {
        using Module model = recipe.Build(recipe is ResNet18 ? new ImageShape(3, 64, 64) : Images, 10);
        return ParameterGroups.Of(model, factors).SelectMany(group => group.Parameters.Select(named => (named.Key, group.RateFactor))).ToDictionary();
    }
}
