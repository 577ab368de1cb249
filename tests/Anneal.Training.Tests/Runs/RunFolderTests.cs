using Anneal.Durations;
using Anneal.Events;
using Anneal.Runs;
using Anneal.Stopping;
using Anneal.Testing;
using Anneal.Torch.Serialization;
using Anneal.Training.Averaging;
using Anneal.Training.Checkpoints;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Models;
using Anneal.Training.Recipes;
using Anneal.Training.Runs;
using Anneal.Training.Tests.Samples;

namespace Anneal.Training.Tests.Runs;

public sealed class RunFolderTests : IDisposable
{
    static readonly Recipe Recipe = Small.Recipe with
    {
        Model = new ConvNet { Widths = [2], Dropout = 0.2 }, Averaging = new ExponentialMovingAverage(), Duration = Duration.Epochs(4),
    };

    readonly TemporaryFolder folder = new();
    readonly Dataset data = SmallData.Striped();

    public void Dispose()
    {
        data.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void KeepsRecipeInformationAndEvents()
    {
        List<TrainingEvent> events = Begin("run");
        RunFolder run = RunFolder.Open(folder.File("run"));
        Assert.Equal(RecipeText.Write(Recipe), RecipeText.Write(run.ReadRecipe()));
        Assert.Equal("abc", run.ReadInformation()!.DataFingerprint);
        Assert.Equal(events, run.ReadEvents(), (a, b) => EventLines.Write(a) == EventLines.Write(b));
        // The newest first.
        Assert.Equal(run.Checkpoints().OrderDescending(StringComparer.Ordinal), run.Checkpoints());
        Assert.Equal(MemoryStore.FileOf(20), run.Checkpoints()[0]);
    }

    [Fact]
    public void ANewRunTakesTheNextNumberWhereItsNameIsTaken()
    {
        RunFolder[] runs = [.. Enumerable.Range(0, 3).Select(_ => RunFolder.New(folder.File("runs/name")))];
        Assert.False(Directory.Exists(folder.File("runs")));
        foreach (RunFolder run in runs)
        {
            run.RefuseIfUsed();
            run.Begin(Recipe, Information);
        }
        Assert.Equal(["name", "name-2", "name-3"], runs.Select(run => Path.GetFileName(run.Path)));
        Assert.All(runs, run => Assert.True(File.Exists(run.EventsFile)));
        Array.ForEach(runs, run => run.Dispose());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(11)]
    [InlineData(15)]
    [InlineData(22)]
    public void GoesOnAfterAKillWithoutAGapOrADouble(int seen)
    {
        List<TrainingEvent> whole = Begin("whole");
        // As a kill leaves it: the log goes on beyond the checkpoint, and the last line is cut off.
        Begin("killed", seen);
        string log = folder.File("killed/events.jsonl");
        File.AppendAllText(log, "{\"event\":\"step\",\"st");

        using (RunFolder killed = RunFolder.Open(folder.File("killed")))
        using (TrainingRun run = new(Recipe, data, killed))
        {
            using SavedState? saved = killed.Newest(message => Assert.Fail(message));
            Assert.Equal(seen < 6, saved is null);
            if (saved is not null)
            {
                run.Restore(saved.File, saved.Checkpoint, saved.Past);
            }
            killed.Continue(saved);
            _ = killed.Record(run.Events(), message => Assert.Fail(message)).Count();
        }

        IReadOnlyList<TrainingEvent> log2 = RunFolder.Open(folder.File("killed")).ReadEvents();
        Assert.Equal(Small.Timeless(whole), Small.Timeless(log2.Where(happened => happened is not RunResumed)));
        Assert.Equal(seen < 6 ? 0 : 1, log2.Count(happened => happened is RunResumed));
        Assert.Equal(Newest("whole"), Newest("killed"));
        Assert.Equal(Directory.GetFiles(folder.File("whole/checkpoints")).Select(Path.GetFileName).Order(), Directory.GetFiles(folder.File("killed/checkpoints")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void SetsADamagedCheckpointAsideAndTakesTheOneBefore()
    {
        List<TrainingEvent> whole = Begin("run");
        string newest = folder.File($"run/checkpoints/{MemoryStore.FileOf(20)}");
        string before = Newest("run");
        byte[] bytes = File.ReadAllBytes(newest);
        bytes[^1] ^= 1;
        File.WriteAllBytes(newest, bytes);

        List<string> messages = [];
        using (RunFolder damaged = RunFolder.Open(folder.File("run")))
        using (TrainingRun run = new(Recipe, data, damaged))
        {
            using SavedState saved = damaged.Newest(messages.Add)!;
            Assert.Equal(MemoryStore.FileOf(15), saved.File);
            run.Restore(saved.File, saved.Checkpoint, saved.Past);
            damaged.Continue(saved);
            _ = damaged.Record(run.Events(), message => Assert.Fail(message)).Count();
        }

        string message = Assert.Single(messages);
        Assert.Contains($"Set aside as {folder.File($"run/checkpoints/damaged-{MemoryStore.FileOf(20)}")}. The one before it is next: {MemoryStore.FileOf(15)}.", message, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File($"run/checkpoints/damaged-{MemoryStore.FileOf(20)}")));
        Assert.Equal(before, Newest("run"));
        Assert.Equal(
            Small.Timeless(whole), Small.Timeless(RunFolder.Open(folder.File("run")).ReadEvents().Where(happened => happened is not RunResumed)));
    }

    [Fact]
    public void SaysLoudlyWhereNoCheckpointIsLeft()
    {
        Begin("run", 9);
        foreach (string file in Directory.GetFiles(folder.File("run/checkpoints")))
        {
            File.WriteAllText(file, "nothing");
        }
        List<string> messages = [];
        using RunFolder run = RunFolder.Open(folder.File("run"));
        Assert.Null(run.Newest(messages.Add));
        Assert.EndsWith("There is none before it: the run begins anew.", Assert.Single(messages), StringComparison.Ordinal);
        run.Continue(null);
        Assert.Empty(run.ReadEvents());
    }

    [Theory]
    [InlineData(false, "The log must hold the")]
    [InlineData(true, "The log must be whole up to the checkpoint. Line 2 is damaged: ")]
    public void RefusesALogThatDoesNotReachToTheCheckpoint(bool damaged, string message)
    {
        Begin("run");
        string log = folder.File("run/events.jsonl");
        string[] lines = File.ReadAllLines(log);
        lines[1] = lines[1][..20];
        File.WriteAllText(log, string.Concat(lines.Take(damaged ? lines.Length : 1).Select(line => line + "\n")));
        using RunFolder run = RunFolder.Open(folder.File("run"));
        InvalidFileException e = Assert.Throws<InvalidFileException>(() => run.Newest(_ => { }));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        // Nothing was changed.
        Assert.Equal(MemoryStore.FileOf(20), run.Checkpoints()[0]);
    }

    [Fact]
    public void RefusesAFolderThatHasARun()
    {
        Begin("run", 1);
        IOException e = Assert.Throws<IOException>(() => RunFolder.Create(folder.File("run"), Recipe, Information));
        Assert.Equal($"A run must start in a folder of its own. Received: {folder.File("run")}, which has a run; resume it or name another folder.", e.Message);
        Assert.Equal(
            $"A run's folder must have a recipe.yaml. Received: {folder.Path}, which has none.",
            Assert.Throws<DirectoryNotFoundException>(() => RunFolder.Open(folder.Path)).Message);
    }

    [Fact]
    public void LetsOneProcessAtATimeWorkOnARun()
    {
        Begin("run", 9);
        using RunFolder first = RunFolder.Open(folder.File("run"));
        using RunFolder second = RunFolder.Open(folder.File("run"));
        Assert.False(second.IsHeld);
        first.Newest(_ => { })?.Dispose();
        Assert.True(second.IsHeld);
        Assert.StartsWith($"One process at a time can work on a run. Received: {folder.File("run")}", Assert.Throws<IOException>(() => second.Newest(_ => { })).Message, StringComparison.Ordinal);
        first.Dispose();
        Assert.False(second.IsHeld);
        second.Newest(_ => { })!.Dispose();
    }

    [Fact]
    public void OrdersCheckpointsByTheirStep()
    {
        Directory.CreateDirectory(folder.File("run/checkpoints"));
        foreach (long step in new[] { 99_999_999, 100_000_000, 7 })
        {
            File.WriteAllText(folder.File($"run/checkpoints/{MemoryStore.FileOf(step)}"), "");
        }
        Assert.Equal([MemoryStore.FileOf(100_000_000), MemoryStore.FileOf(99_999_999), MemoryStore.FileOf(7)], RunFolder.At(folder.File("run")).Checkpoints());
    }

    // Trains, and stops looking after so many events, as a killed process would.
    List<TrainingEvent> Begin(string name, int events = int.MaxValue)
    {
        using RunFolder run = RunFolder.Create(folder.File(name), Recipe, Information);
        using TrainingRun training = new(Recipe, data, run);
        return [.. run.Record(training.Events(), message => Assert.Fail(message)).Take(events)];
    }

    string Newest(string name)
    {
        using RunFolder run = RunFolder.Open(folder.File(name));
        using Checkpoint newest = run.Read(run.Checkpoints()[0]);
        return newest.Progress.Step + string.Concat(Bits.Of(newest.Tensors).Values);
    }

    static RunInformation Information => new()
    {
        Anneal = "1", Started = DateTimeOffset.UnixEpoch, Command = "test", Seed = 7, Libtorch = "1", LibtorchPath = "/", Threads = 1, Device = "cpu",
        Precision = "float32", Layout = "contiguous", Processor = "", Cores = 1, System = "", Data = "striped", DataFingerprint = "abc", Classes = ["a", "b"],
    };
}
