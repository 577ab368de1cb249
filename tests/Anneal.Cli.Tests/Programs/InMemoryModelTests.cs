using Anneal.Testing;
using Anneal.Torch.Serialization;
using Anneal.Training.Data;
using Anneal.Training.Evaluation;
using Anneal.Training.Models;
using Anneal.Training.Modules;
using Anneal.Training.Recipes;

namespace Anneal.Cli.Tests.Programs;

/// <summary>A model is measured on what it was trained on, or on what is named; never on what a recipe happens to say.</summary>
public sealed class InMemoryModelTests : IClassFixture<AnnealProgram>
{
    readonly AnnealProgram anneal;

    public InMemoryModelTests(AnnealProgram anneal) => this.anneal = anneal;

    [Fact]
    public void EvaluateAsksForDataThatWasInMemory()
    {
        using Dataset opened = Dataset.Open(anneal.PathOf("data"));
        string model = Write("memory.safetensors", new Dataset("mine", opened.Training, opened.Test, ["w", "x", "y", "z"]));
        Result refused = anneal.Run("evaluate", model);
        Assert.Contains("Data that was in the memory of a program is in no file.", refused.Error);
        Assert.Equal(3, refused.Code);
        Result measured = anneal.Run("evaluate", model, "--data", "data");
        Assert.Contains("split        test, 60 examples", measured.Output);
        Assert.Equal(0, measured.Code);
    }

    [Fact]
    public void EvaluateNoticesThatTheDataIsAnother()
    {
        string folder = TinyData.WriteTo(anneal.PathOf("changing"));
        string model;
        using (Dataset opened = Dataset.Open(folder))
        {
            model = Write("changing.safetensors", opened);
        }
        Assert.Equal(0, anneal.Run("evaluate", model).Code);
        string labels = Path.Combine(folder, "t10k-labels-idx1-ubyte");
        byte[] bytes = File.ReadAllBytes(labels);
        bytes[^1] ^= 1;
        File.WriteAllBytes(labels, bytes);
        Result refused = anneal.Run("evaluate", model);
        Assert.Contains($"has another content now. To measure it all the same: --data {folder}", refused.Error);
        Assert.Equal(2, refused.Code);
        Assert.Equal(0, anneal.Run("evaluate", model, "--data", folder).Code);
    }

    string Write(string name, Dataset data)
    {
        Recipe recipe = new() { Model = new Mlp { Hidden = [3] }, Precision = Precision.Float32 };
        using Module module = recipe.Model.Build(data.Shape, data.Classes.Count);
        recipe.Initialization.Apply(module, 1);
        TensorFile.Save(anneal.PathOf(name), module.State(), TrainedModel.Describe(recipe, data, 1));
        return anneal.PathOf(name);
    }
}
