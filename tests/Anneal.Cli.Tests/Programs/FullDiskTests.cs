using System.Diagnostics;
using Anneal.Events;

namespace Anneal.Cli.Tests.Programs;

public sealed class FullDiskTests : IDisposable
{
    readonly AnnealProgram anneal = new();

    [Fact]
    public void ReportsACheckpointThatCannotBeWrittenAndTrainsOn()
    {
        string[] train = ["train", "recipe.yaml", "--threads", "1", "--quiet", "--no-report", "--no-evaluate", "--set", "log-every=100st"];
        Assert.Equal(0, anneal.Run([.. train, "--out", "whole"]).Code);

        // The first checkpoint of some 17 KiB is written, and then there is no more room.
        using (Process process = anneal.Start([.. train, "--out", "run", "--json"]))
        {
            while (EventLines.Read(process.StandardOutput.ReadLine()!) is not CheckpointSaved)
            {
            }
            process.Kill();
            process.WaitForExit();
        }
        string before = SavedRun.NewestCheckpoint(anneal.PathOf("run"));
        byte[] bytes = File.ReadAllBytes(before);
        Result full = anneal.RunOnFullDisk(12, "resume", "run", "--quiet", "--no-report", "--no-evaluate");
        Assert.Contains("A checkpoint could not be written; those before it are untouched.", full.Error);
        Assert.Equal(0, full.Code);
        using (StreamReader reader = new(Path.Combine(anneal.PathOf("run"), "events.jsonl")))
        {
            IReadOnlyList<TrainingEvent> events = EventLines.ReadAll(reader);
            Assert.NotNull(events.OfType<CheckpointSaved>().Last().Error);
            Assert.Equal(27, Assert.IsType<RunEnded>(events[^1]).Step);
        }
        Assert.Equal(before, SavedRun.NewestCheckpoint(anneal.PathOf("run")));
        Assert.Equal(bytes, File.ReadAllBytes(before));

        // With room again, what was lost is made again, to the same bits.
        Assert.Equal(0, anneal.Run("resume", "run", "--quiet", "--no-report").Code);
        SavedRun.AssertSame(anneal.PathOf("whole"), anneal.PathOf("run"));
    }

    public void Dispose() => anneal.Dispose();
}
