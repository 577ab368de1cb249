using Anneal.Testing;
using Anneal.Torch;
using Anneal.Torch.Serialization;
using Anneal.Training.Data;
using Anneal.Training.Evaluation;
using Anneal.Training.Models;
using Anneal.Training.Modules;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tests.Evaluation;

public sealed class TrainedModelTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    string Target => folder.File("model.safetensors");

    [Fact]
    public void IsUsedFromItsFileAlone()
    {
        using Dataset data = Dataset.Open(TinyData.WriteTo(folder.File("data")));
        Write(data, temperature: 1.5);
        using TrainedModel model = TrainedModel.Load(Target, Device.Cpu);
        Assert.Equal((1.5, new ImageShape(1, 8, 8)), (model.Temperature, model.Shape));
        Assert.Equal(data.Classes, model.Classes);
        Assert.Equal([3], Assert.IsType<Mlp>(model.Recipe.Model).Hidden);
        float[] all = model.Logits(data.Test);
        Assert.Equal(TinyData.TestExamples * TinyData.Classes, all.Length);
        Assert.Equal(all[8..12], model.Logits(data.Test, [2]), (one, other) => Math.Abs(one - other) < 1e-5);
    }

    [Fact]
    public void EveryDamagedFileIsRefused()
    {
        using (Dataset data = Dataset.Open(TinyData.WriteTo(folder.File("data"))))
        {
            Write(data, temperature: 1);
        }
        byte[] file = File.ReadAllBytes(Target);
        string damaged = folder.File("damaged.safetensors");
        // Every place would take minutes, for each damaged file is a file; the reader below it is tested at every byte.
        foreach ((string what, byte[] bytes) in Damage.Of(file).Where((_, index) => index % 997 == 0))
        {
            File.WriteAllBytes(damaged, bytes);
            InvalidFileException refused = Assert.Throws<InvalidFileException>(() => TrainedModel.Load(damaged, Device.Cpu).Dispose());
            Assert.True(refused.Message.Length > 20, what);
        }
    }

    [Fact]
    public void RefusesAFileThatIsNoModel()
    {
        using TensorScope scope = new();
        TensorFile.Save(Target, [KeyValuePair.Create("a", Tensor.Zeros([2]))]);
        Assert.Contains("'anneal.recipe' in its metadata", Assert.Throws<InvalidFileException>(() => TrainedModel.Load(Target, Device.Cpu)).Message);
    }

    [Fact]
    public void RefusesImagesOfAnotherSize()
    {
        using Dataset data = Dataset.Open(TinyData.WriteTo(folder.File("data")));
        Write(data, temperature: 1);
        using TrainedModel model = TrainedModel.Load(Target, Device.Cpu);
        using Examples others = new(new byte[9], [0], new ImageShape(1, 3, 3));
        Assert.Contains("1×8×8. Received: 1×3×3", Assert.Throws<ArgumentException>(() => model.Logits(others)).Message);
    }

    public void Dispose() => folder.Dispose();

    void Write(Dataset data, double temperature)
    {
        Recipe recipe = new() { Model = new Mlp { Hidden = [3] }, Precision = Precision.Float32, Layout = Layout.Contiguous };
        using Module module = recipe.Model.Build(data.Shape, data.Classes.Count);
        recipe.Initialization.Apply(module, 1);
        TensorFile.Save(Target, module.State(), TrainedModel.Describe(recipe, data, temperature));
    }
}
