using Anneal.Durations;
using Anneal.Runs;
using Anneal.Schedules;
using Anneal.Testing;
using Anneal.Torch;
using Anneal.Torch.Serialization;
using Anneal.Training.Checkpoints;
using Anneal.Training.Data;
using Anneal.Training.Evaluation;
using Anneal.Training.Loop;
using Anneal.Training.Models;
using Anneal.Training.Modules;
using Anneal.Training.Optimizers;
using Anneal.Training.Recipes;
using Anneal.Training.Runs;
using Anneal.Training.Tests.Samples;
using Anneal.Training.Tuning;

namespace Anneal.Training.Tests.Recipes;

/// <summary>A program's own techniques and schedules: whatever writes them down reads them back, with the same catalog.</summary>
public sealed class OwnNamesTests : IDisposable
{
    static readonly ScheduleForm Sawtooth = new(
        "sawtooth",
        [ScheduleParameter.Number("height", 1), ScheduleParameter.Duration("tooth")],
        given => new LinearRamp(0, given.Number("height"), given.Steps("tooth")));

    static readonly Catalog Own = RecipeText.Standard.With<Model, HalvedMlp>("halved-mlp").With(Sawtooth);

    static readonly Recipe Recipe = Small.Recipe with
    {
        Model = new HalvedMlp { Width = 6 },
        LearningRate = ScheduleText.Parse("sawtooth(height=0.05, tooth=2st) for 3st then constant(0.02)", Own.Schedules),
        Optimizer = new Sgd { Momentum = ScheduleText.Parse("sawtooth(height=0.5, tooth=4st)", Own.Schedules) },
    };

    readonly TemporaryFolder folder = new();
    readonly Dataset data = SmallData.Striped();

    public void Dispose()
    {
        data.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void ARecipeIsReadBack()
    {
        Assert.True(Recipe == RecipeText.Read(RecipeText.Write(Recipe, Own), catalog: Own));
        Assert.Equal(0.1, RecipeText.With(Recipe, "learning-rate", "sawtooth(height=0.1, tooth=1st)", Own).LearningRate.Resolve(new RunLength(9, 9, 1)).At(1));
        Assert.Contains("No schedule named 'sawtooth'", Assert.Throws<RecipeException>(() => RecipeText.Read("learning-rate: sawtooth(tooth=2st)")).Message);
    }

    [Fact]
    public void AScheduleThatNoFileCanNameIsNotWritten() => Assert.Equal(
        "A recipe file can only name what is registered. Received: the schedule 'sawtooth', which is not; register its form in the catalog.",
        Assert.Throws<RecipeException>(() => RecipeText.Write(Recipe with { Model = new Mlp() })).Message);

    [Fact]
    public void ARunIsReadBackAndItsCheckpointPredicts()
    {
        string checkpoint;
        using (RunFolder run = RunFolder.Create(folder.File("run"), Recipe, Information, Own))
        {
            using TrainingRun training = new(Recipe, data, run, catalog: Own);
            _ = run.Record(training.Events(), message => Assert.Fail(message)).Count();
            checkpoint = folder.File($"run/checkpoints/{run.Checkpoints()[0]}");
            IReadOnlyList<KeyValuePair<string, Tensor>> state = training.FinalState();
            run.WriteModel(state, TrainedModel.Describe(Recipe, data, 1, Own));
            foreach ((_, Tensor tensor) in state)
            {
                tensor.Dispose();
            }
        }
        Assert.True(Recipe == RunFolder.Open(folder.File("run"), Own).ReadRecipe());
        using TrainedModel model = TrainedModel.Load(folder.File("run/model.safetensors"), Device.Cpu, catalog: Own);
        using TrainedModel last = TrainedModel.Load(checkpoint, Device.Cpu, catalog: Own);
        Assert.Equal(Recipe with { Data = Recipe.InMemory }, model.Recipe);
        Assert.Equal(model.Logits(data.Test), last.Logits(data.Test));
        Assert.Contains("halved-mlp", Assert.Throws<InvalidFileException>(() => TrainedModel.Load(checkpoint, Device.Cpu)).Message);
    }

    [Fact]
    public void ARunWithoutTheCatalogStillTrains()
    {
        using MemoryStore store = new();
        using TrainingRun training = new(Recipe, data, store);
        Assert.NotEmpty(training.Events().OfType<Events.CheckpointSaved>());
    }

    [Fact]
    public void AStudyReadsItsTrialsBack()
    {
        using StudyFolder study = StudyFolder.Open(folder.File("study"), Own);
        string trial = Path.Combine(study.Path, StudyFolder.Relative(1));
        Directory.CreateDirectory(trial);
        File.WriteAllText(Path.Combine(trial, "recipe.yaml"), RecipeText.Write(Recipe, Own));
        Assert.True(Recipe == study.RecipeOf(1));
    }

    [Fact]
    public void ACatalogDoesNotChange()
    {
        Assert.DoesNotContain("halved-mlp", RecipeText.Standard.Names(typeof(Model)));
        Assert.Equal(RecipeText.Standard.Schedules.Count + 1, Own.Schedules.Count);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("null")]
    [InlineData("Own")]
    [InlineData("a b")]
    [InlineData("a # b")]
    [InlineData("")]
    [InlineData("mlp")]
    [InlineData("a\n")]
    public void ANameThatAFileCouldNotHaveIsRefused(string name) =>
        Assert.Contains($"Received: '{name}'", Assert.Throws<ArgumentException>(() => RecipeText.Standard.With<Model, HalvedMlp>(name)).Message);

    [Fact]
    public void AScheduleHasANameOfItsOwn() =>
        Assert.Contains("Received: 'cosine'", Assert.Throws<ArgumentException>(() => RecipeText.Standard.With(Cosine.Form)).Message);

    static RunInformation Information => new()
    {
        Anneal = "1", Started = DateTimeOffset.UnixEpoch, Command = "test", Seed = 7, Libtorch = "1", LibtorchPath = "/", Threads = 1, Device = "cpu",
        Precision = "float32", Layout = "contiguous", Processor = "", Cores = 1, System = "", Data = "striped", DataFingerprint = "abc", Classes = ["a", "b"],
    };
}

public sealed record HalvedMlp : Model
{
    public int Width { get; init; } = 4;

    public override Module Build(ImageShape input, int classes) => new Mlp { Hidden = [Width, Width / 2] }.Build(input, classes);
}
