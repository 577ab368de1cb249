using System.Diagnostics;
using System.Text.Json;
using Anneal.Runs;

namespace Anneal.Cli.Tests.Programs;

/// <summary>A run long enough to be measured before it begins.</summary>
public sealed class MeasuredRunTests : IDisposable
{
    readonly AnnealProgram anneal = new();

    [Fact]
    public void IsComputedAsItMeasuresFastestAndAResumeKeepsIt()
    {
        Interrupt("train", "recipe.yaml", "--out", "run", "--set", "duration=1000000ep");
        RunInformation begun = Information("run");
        Assert.Equal(ExecutionEvidence.Measuring, begun.Execution!.By);
        MeasuredUpdate chosen = begun.Execution.Measured[0];
        Assert.Equal((begun.Precision, begun.Layout, begun.Threads), (chosen.Precision, chosen.Layout, chosen.Threads));
        // So small a network is not tried on more.
        Assert.Equal(1, begun.Threads);
        string recipe = File.ReadAllText(anneal.PathOf("run/recipe.yaml"));
        Assert.Contains($"precision: {begun.Precision}", recipe);
        Assert.Contains($"layout: {begun.Layout}", recipe);

        Interrupt("resume", "run");
        Assert.Equal(JsonSerializer.Serialize(begun.Execution), JsonSerializer.Serialize(Information("run").Execution));
        Assert.Equal((begun.Threads, begun.Precision), (Information("run").Threads, Information("run").Precision));
        Assert.Equal(recipe, File.ReadAllText(anneal.PathOf("run/recipe.yaml")));

        // The next run like it, and one of the recipe that was recorded, begin with the same choice at once.
        Interrupt("train", "recipe.yaml", "--out", "again", "--set", "duration=1000000ep");
        Assert.Equal((ExecutionEvidence.Kept, begun.Threads, begun.Precision), (Information("again").Execution!.By, Information("again").Threads, Information("again").Precision));
        Interrupt("train", "run/recipe.yaml", "--out", "recorded");
        Assert.Equal((ExecutionEvidence.Kept, begun.Threads), (Information("recorded").Execution!.By, Information("recorded").Threads));
    }

    [Fact]
    public void SaysSoInALine()
    {
        Result result = anneal.Run("train", "recipe.yaml", "--out", "run", "--no-report", "--no-evaluate");
        Assert.Contains("float32, contiguous, 1 thread, by a rule of thumb: the run is too short to measure", result.Error);
        Assert.Equal(0, result.Code);
    }

    public void Dispose() => anneal.Dispose();

    RunInformation Information(string run) =>
        JsonSerializer.Deserialize(File.ReadAllText(anneal.PathOf(Path.Combine(run, "run.json"))), RunJson.Default.RunInformation)!;

    void Interrupt(params string[] arguments)
    {
        using Process process = anneal.Start([.. arguments, "--json", "--quiet", "--no-report", "--no-evaluate"]);
        while (process.StandardOutput.ReadLine()?.Contains("\"event\":\"step\"", StringComparison.Ordinal) == false)
        {
        }
        AnnealProgram.Signal(process, "-TERM");
        Assert.Equal(143, AnnealProgram.Finish(process).Code);
    }
}
