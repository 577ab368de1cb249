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
        // The log, and so every list of runs, tells the same.
        Assert.Contains("\"outcome\":\"diverged\"", File.ReadAllLines(program.PathOf("run/events.jsonl"))[^1]);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[{name: non-finite}]")]
    public void ALateExplosionIsToldOneWayAndLeavesTheBestWeights(string stop)
    {
        using AnnealProgram program = new();
        Result result = program.Run(
            "train", "recipe.yaml", "--out", "run", "--threads", "1", "--quiet", "--no-report", "--set", "final-weights=best", "--set", $"stop={stop}",
            "--set", "learning-rate=constant(0.02) for 18st then constant(1e38)");
        Assert.Equal(4, result.Code);
        Assert.Contains("\"outcome\":\"diverged\"", File.ReadAllLines(program.PathOf("run/events.jsonl"))[^1]);
        Assert.DoesNotContain("completed", program.Run("runs", program.PathOf(".")).Output);
        Assert.Contains("weights         of step ", result.Output);
        using TrainedModel model = TrainedModel.Load(program.PathOf("run/model.safetensors"), Device.Cpu);
        using Dataset data = Dataset.Open(program.PathOf("data"));
        Assert.All(model.Logits(data.Test), score => Assert.True(float.IsFinite(score)));
    }

    [Fact]
    public void ALaterEndAloneDoesNotTakeARuleBack()
    {
        using AnnealProgram program = new();
        string[] patient = ["--set", "stop=[{name: patience, metric: validation-accuracy, direction: maximize, measurements: 1}]"];
        Assert.Equal(0, program.Run(
            ["train", "recipe.yaml", "--out", "run", "--threads", "1", "--quiet", "--no-report", .. patient,
            "--set", "learning-rate=constant(0.02) for 1ep then constant(30)"]).Code);
        Result refused = program.Run("resume", "run", "--set", "duration=5ep", "--quiet", "--no-report");
        Assert.Equal(2, refused.Code);
        Assert.Contains("stop: a run that a rule has stopped goes on to another end only with another rule, or none. Received: validation-accuracy", refused.Error);
        Assert.Equal(0, program.Run("resume", "run", "--set", "duration=5ep", "--set", "stop=none", "--set", "learning-rate=0.001", "--quiet", "--no-report").Code);
        Assert.Contains("\"step\":45", File.ReadAllLines(program.PathOf("run/events.jsonl"))[^1]);
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
