using Anneal.Testing;
using Anneal.Torch;
using Anneal.Training.Data;
using Anneal.Training.Evaluation;
using Anneal.Training.Loop;
using Anneal.Training.Models;
using Anneal.Training.Recipes;
using Anneal.Training.Tests.Samples;

namespace Anneal.Training.Tests.Data;

/// <summary>What is written down is the data that was trained on, whatever the recipe names.</summary>
public sealed class InMemoryDataTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ARunOnDataOfAProgramSaysSo()
    {
        using Dataset data = SmallData.Striped();
        using TrainingRun run = new Recipe { Model = new Mlp() }.Start(data);
        Assert.Equal(Recipe.InMemory, run.Recipe.Data);
        IReadOnlyDictionary<string, string> written = TrainedModel.Describe(new Recipe { Data = "fashion-mnist" }, data, 1);
        Assert.Equal(Recipe.InMemory, RecipeText.Read(written["anneal.recipe"]).Data);
        Assert.Equal(data.Fingerprint, written["anneal.data-fingerprint"]);
    }

    [Fact]
    public void ARunOnOpenedDataNamesItWhole()
    {
        TinyData.WriteTo(folder.File("data"));
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, folder.File("data"));
        using Dataset data = Dataset.Open(relative + "/");
        using TrainingRun run = new Recipe { Model = new Mlp() }.Start(data);
        Assert.Equal(folder.File("data"), run.Recipe.Data);
    }

    [Fact]
    public void DataInMemoryIsAskedFor()
    {
        Assert.Contains("evaluate --data FOLDER", Assert.Throws<DirectoryNotFoundException>(() => Dataset.Open(Recipe.InMemory)).Message);
        // It is no path: a folder of that name is opened by another name of it.
        TinyData.WriteTo(folder.File(Recipe.InMemory));
        using Dataset data = Dataset.Open(folder.File(Recipe.InMemory));
        Assert.NotEqual(Recipe.InMemory, data.Source);
    }

    [Fact]
    public void ADataSetHasTwoNamedClassesOrMore()
    {
        using Examples examples = new(new byte[4], [0], new ImageShape(1, 2, 2));
        foreach (string[] names in (string[][])[[], ["one"], [.. Enumerable.Range(0, 257).Select(i => $"class {i}")], ["one", ""], ["one", null!]])
        {
            ArgumentException refused = Assert.Throws<ArgumentException>(() => new Dataset("mine", examples, examples, names));
            Assert.StartsWith($"A data set must have 2 to 256 classes, each with a name. Received: {names.Length} names", refused.Message);
        }
    }

    [Fact]
    public void ADataSetHasSomethingToTrainOn()
    {
        using Examples none = new([], [], new ImageShape(1, 2, 2));
        Assert.Contains("an example to train on. Received: none.", Assert.Throws<ArgumentException>(() => new Dataset("mine", none, none, ["a", "b"])).Message);
    }
}
