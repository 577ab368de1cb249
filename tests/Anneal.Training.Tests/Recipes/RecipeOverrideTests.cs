using Anneal.Durations;
using Anneal.Training.Averaging;
using Anneal.Training.Models;
using Anneal.Training.Optimizers;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tests.Recipes;

public sealed class RecipeOverrideTests
{
    [Fact]
    public void KeepsTheDefaultOfWhatIsLeftOut()
    {
        string text = RecipeText.Write(RecipeText.Read("seed: 5"));
        Assert.Equal(RecipeText.Write(new Recipe { Seed = 5 }), text);
    }

    [Fact]
    public void ReadsBackEveryTechniqueThatItWrites()
    {
        Recipe recipe = new()
        {
            Data = "a folder: with #signs",
            Model = new Mlp { Hidden = [12, 34], Dropout = 0.25 },
            Optimizer = new AdamW { WeightDecay = 0.05 },
            LearningRate = "linear(from=0, to=0.1) for 100st then cosine(from=0.1, to=0)",
            Averaging = new ExponentialMovingAverage { HalfLife = 100 },
            Validation = 0.15,
            Duration = Duration.Epochs(2.5),
            Precision = Precision.Bfloat16,
        };
        Recipe read = RecipeText.Read(RecipeText.Write(recipe));
        Assert.Equal(RecipeText.Write(recipe), RecipeText.Write(read));
        Assert.Equal("a folder: with #signs", read.Data);
        Assert.Equal([12, 34], Assert.IsType<Mlp>(read.Model).Hidden);
        Assert.Equal(100, Assert.IsType<ExponentialMovingAverage>(read.Averaging).HalfLife);
        Assert.Equal(recipe.LearningRate, read.LearningRate);
    }

    [Fact]
    public void AnOverrideWinsOverTheText() =>
        Assert.Equal(64, Read("batch-size: 32", ("batch-size", "64")).BatchSize);

    [Fact]
    public void AnOverrideOfOneValueKeepsTheTechniqueAndItsOtherValues()
    {
        Sgd sgd = Assert.IsType<Sgd>(Read("optimizer: {name: sgd, nesterov: true}", ("optimizer.momentum", "0.8")).Optimizer);
        Assert.True(sgd.Nesterov);
        Assert.Equal(0.8, sgd.Momentum);
    }

    [Fact]
    public void AnOverrideReachesIntoATechniqueThatIsNamedInAWord() =>
        Assert.Equal(8, Assert.IsType<ResNet9>(Read("model: resnet9", ("model.width", "8")).Model).Width);

    [Fact]
    public void AnOverrideReachesIntoADefaultTechnique() =>
        Assert.Equal(0.5, Assert.IsType<Sgd>(Read("seed: 1", ("optimizer.momentum", "0.5")).Optimizer).Momentum);

    [Theory]
    [InlineData("modle: mlp", "Line 1: no value named 'modle' here. Did you mean 'model'?")]
    [InlineData("seed: 1\nmodel: rsnet9", "Line 2, model: no model named 'rsnet9'. Did you mean 'resnet9'?")]
    [InlineData("batch-size: 0", "Line 1, batch-size: The batch size must be at least 1. Received: 0.")]
    [InlineData("batch-size: many", "it must be a whole number. Received: many.")]
    [InlineData("learning-rate: cosine(from=1)", "learning-rate: ")]
    [InlineData("duration: 8 epochs", "duration: ")]
    [InlineData("precision: half", "must be one of auto, float32, bfloat16. Received: half.")]
    [InlineData("optimizer: {name: sgd, momentum: [1]}", "Line 1, optimizer.momentum: a schedule is one value.")]
    public void SaysWhereAndWhy(string text, string message) =>
        Assert.Contains(message, Assert.Throws<RecipeException>(() => RecipeText.Read(text)).Message);

    [Theory]
    [InlineData("optimizer.mometum", "1", "optimizer: no value named 'mometum' here. Did you mean 'momentum'?")]
    [InlineData("augmentation.padding", "1", "'augmentation' is a list, which is set as a whole")]
    [InlineData("loss", "{", "loss: It must be YAML.")]
    public void NamesThePathOfAnOverrideThatIsWrong(string path, string value, string message)
    {
        RecipeException refused = Assert.Throws<RecipeException>(() => Read("augmentation: [horizontal-flip]", (path, value)));
        Assert.Contains(message, refused.Message);
        Assert.DoesNotContain("Line", refused.Message);
    }

    static Recipe Read(string text, (string Path, string Value) change) =>
        RecipeText.Read(text, [KeyValuePair.Create(change.Path, change.Value)]);
}
