using System.Diagnostics;
using Anneal.Events;

namespace Anneal.Cli.Tests.Programs;

public sealed class InterruptedRunTests : IDisposable
{
    readonly AnnealProgram _anneal = new();

    [Fact]
    public void FinishesItsStepSavesAndSaysHowToGoOn()
    {
        Result terminated = Interrupt("-TERM", "train", "recipe.yaml", "--out", "run", "--threads", "1", "--set", "duration=1000000ep");
        Assert.Equal(143, terminated.Code);
        Assert.Contains("Saved. To go on: anneal resume run", terminated.Error);
        RunEnded first = Assert.IsType<RunEnded>(Events()[^1]);
        Assert.Equal("interrupted", first.Outcome);
        Assert.EndsWith($"step-{first.Step:D8}.safetensors", SavedRun.NewestCheckpoint(_anneal.PathOf("run")));

        Result interrupted = Interrupt("-INT", "resume", "run");
        Assert.Equal(130, interrupted.Code);
        IReadOnlyList<TrainingEvent> events = Events();
        Assert.Equal(first.Step, Assert.Single(events.OfType<RunResumed>()).Step);
        Assert.True(Assert.IsType<RunEnded>(events[^1]).Step > first.Step);
        Assert.Single(events.OfType<RunEnded>());
        Assert.Equal(events.OfType<StepEnded>().Select(step => step.Step), Enumerable.Range(1, events.OfType<StepEnded>().Count()).Select(i => 3L * i));
        Assert.Equal(2, Directory.GetFiles(_anneal.PathOf("run"), "events.out.tfevents.*").Length);
    }

    public void Dispose() => _anneal.Dispose();

    Result Interrupt(string signal, params string[] arguments)
    {
        Process process = _anneal.Start([.. arguments, "--json", "--quiet", "--no-report"]);
        for (int lines = 0; lines < 10; lines++)
        {
            Assert.NotNull(process.StandardOutput.ReadLine());
        }
        AnnealProgram.Signal(process, signal);
        return AnnealProgram.Finish(process);
    }

    IReadOnlyList<TrainingEvent> Events()
    {
        using StreamReader reader = new(Path.Combine(_anneal.PathOf("run"), "events.jsonl"));
        return EventLines.ReadAll(reader);
    }
}
