using System.Text.Json;
using Anneal.Metrics;
using Anneal.Runs;
using Anneal.Torch;
using Anneal.Torch.Serialization;
using Anneal.Training.Checkpoints;
using Anneal.Training.Data;
using Anneal.Training.Evaluation;

namespace Anneal.Cli.Tests.Programs;

/// <summary>The weights that a run ends with, and those of its checkpoints.</summary>
public sealed class FinalWeightsTests
{
    [Fact]
    public void ACheckpointsModelHasTheAveragedWeights()
    {
        using AnnealProgram program = new();
        Assert.Equal(0, program.Run("train", "recipe.yaml", "--out", "run", "--threads", "1", "--quiet", "--no-report", "--set", "averaging=ema").Code);
        using TrainedModel last = TrainedModel.Load(program.PathOf("run/checkpoints/step-00000027.safetensors"), Device.Cpu);
        using TrainedModel final = TrainedModel.Load(program.PathOf("run/model.safetensors"), Device.Cpu);
        using Dataset data = Dataset.Open(program.PathOf("data"));
        Assert.Equal(final.Logits(data.Test), last.Logits(data.Test));
    }

    [Fact]
    public void AModelWhoseScoresAreNotFiniteHasDiverged()
    {
        using AnnealProgram program = new();
        // The loss of the last step is still finite; the weights after it are not.
        Result result = program.Run(
            "train", "recipe.yaml", "--out", "run", "--threads", "1", "--quiet", "--no-report", "--set", "duration=1st", "--set", "learning-rate=1e38");
        Assert.Contains("The trained model is of no use: Its scores are not all finite.", result.Error);
        Assert.Equal(4, result.Code);
        Assert.False(File.Exists(program.PathOf("run/model.safetensors")));
    }

    [Fact]
    public void EndsWithTheBestWeightsWhereTheRecipeAsksForThem()
    {
        using AnnealProgram program = new();
        // The second pass undoes what the first has learned, and so ends the run.
        Result result = program.Run(
            "train", "recipe.yaml", "--out", "best", "--threads", "1", "--quiet", "--set", "final-weights=best",
            "--set", "learning-rate=constant(0.02) for 1ep then constant(30)",
            "--set", "stop=[{name: patience, metric: validation-accuracy, direction: maximize, measurements: 1}]");
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains("outcome         stopped: validation-accuracy has not improved for 1 measurements", result.Output);
        Assert.Contains("weights         of step 9, the best validation-accuracy", result.Output);

        string folder = program.PathOf("best");
        using Checkpoint best = Training.Runs.RunFolder.Open(folder).Read("step-00000009.safetensors");
        using TrainedModel model = TrainedModel.Load(Path.Combine(folder, "model.safetensors"), Device.Cpu);
        using LoadedTensors written = TensorFile.Load(Path.Combine(folder, "model.safetensors"));
        Dictionary<string, Tensor> kept = new(best.Tensors);
        Assert.All(written.Tensors, named => Assert.Equal(kept[$"model.{named.Key}"].ToArray<float>(), named.Value.ToArray<float>()));
        using Dataset data = Dataset.Open(program.PathOf("data"));
        Evaluation evaluation = JsonSerializer.Deserialize(File.ReadAllText(Path.Combine(folder, "evaluation.json")), RunJson.Default.Evaluation)!;
        Assert.Equal(SplitEvaluation.Measure("test", data.Test, null, model.Logits(data.Test), model.Classes, model.Temperature).Accuracy, evaluation.Accuracy);
    }
}
