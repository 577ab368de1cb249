using Anneal.Events;
using Anneal.Runs;
using Anneal.Testing;
using Anneal.Torch;
using Anneal.Torch.Serialization;
using Anneal.Training.Checkpoints;
using Anneal.Training.Recipes;
using Anneal.Training.Runs;

namespace Anneal.Training.Tests.Runs;

public sealed class RunFolderTests : IDisposable
{
    static readonly RunInformation Information = new()
    {
        Anneal = "0", Started = DateTimeOffset.UnixEpoch, Command = "test", Seed = 0, Libtorch = "0", LibtorchPath = "", Threads = 1, Device = "cpu",
        Precision = "float32", Layout = "contiguous", Processor = "", Cores = 1, System = "", Data = "d", DataFingerprint = "", Classes = ["a", "b"],
    };

    readonly TemporaryFolder _folder = new();
    readonly List<string> _notices = [];

    [Fact]
    public void GoesOnFromTheNewestCheckpointAndCutsTheLogToIt()
    {
        WriteRun();
        using RunFolder run = RunFolder.Open(_folder.Path);
        using SavedState saved = run.Newest(_notices.Add)!;
        Assert.Equal(("step-00000004.safetensors", 4L), (saved.File, saved.Checkpoint.Progress.Step));
        Assert.Equal(4, saved.Past.Count);
        Assert.Equal(6, run.ReadEvents().Count);
        run.Continue(saved);
        Assert.Equal(saved.Past.Select(EventLines.Write), run.ReadEvents().Select(EventLines.Write));
        Assert.Empty(_notices);
    }

    [Fact]
    public void SetsADamagedCheckpointAsideAndTakesTheOneBefore()
    {
        WriteRun();
        string newest = Path.Combine(_folder.Path, "checkpoints", "step-00000004.safetensors");
        byte[] bytes = File.ReadAllBytes(newest);
        bytes[^1] ^= 1;
        File.WriteAllBytes(newest, bytes);
        using RunFolder run = RunFolder.Open(_folder.Path);
        using SavedState saved = run.Newest(_notices.Add)!;
        Assert.Equal("step-00000002.safetensors", saved.File);
        Assert.Equal(2, saved.Past.Count);
        Assert.Contains("Set aside as", Assert.Single(_notices));
        Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(_folder.Path, "checkpoints", "damaged-step-00000004.safetensors")));
    }

    [Fact]
    public void StartsAnewWhereThereIsNoCheckpointYet()
    {
        RunFolder.Create(_folder.Path, new Recipe(), Information).Dispose();
        using RunFolder run = RunFolder.Open(_folder.Path);
        Assert.Null(run.Newest(_notices.Add));
        run.Continue(null);
        Assert.Empty(run.ReadEvents());
    }

    [Fact]
    public void RefusesALogThatDoesNotReachToItsCheckpoint()
    {
        WriteRun();
        using RunFolder run = RunFolder.Open(_folder.Path);
        File.WriteAllLines(run.EventsFile, File.ReadLines(run.EventsFile).Take(3).ToArray());
        Assert.Contains("must hold the 4 events", Assert.Throws<InvalidFileException>(() => run.Newest(_notices.Add)).Message);
    }

    [Fact]
    public void IsForOneAtATime()
    {
        using RunFolder first = RunFolder.Create(_folder.Path, new Recipe(), Information);
        using RunFolder second = RunFolder.Open(_folder.Path);
        Assert.True(second.IsHeld);
        Assert.Contains("One process at a time", Assert.Throws<IOException>(() => second.Newest(_notices.Add)).Message);
        first.Dispose();
        Assert.False(second.IsHeld);
        Assert.Null(second.Newest(_notices.Add));
    }

    [Fact]
    public void TakesNoSecondRun()
    {
        RunFolder.Create(_folder.Path, new Recipe(), Information).Dispose();
        Assert.Contains("a folder of its own", Assert.Throws<IOException>(() => RunFolder.Create(_folder.Path, new Recipe(), Information)).Message);
    }

    public void Dispose() => _folder.Dispose();

    // Six events, with checkpoints that know of the first two and of the first four.
    void WriteRun()
    {
        using RunFolder run = RunFolder.Create(_folder.Path, new Recipe(), Information);
        using TensorScope scope = new();
        long step = 0;
        foreach (TrainingEvent happened in run.Record(Enumerable.Range(1, 6).Select(i => new RunResumed { Step = i, Seconds = i, File = "f" }), _notices.Add))
        {
            step = happened.Step;
            if (step is 2 or 4)
            {
                run.Save($"step-{step:D8}.safetensors", new Checkpoint(new Progress { Step = step, Steps = 6, Events = step }, [KeyValuePair.Create("model.a", Tensor.Zeros([3]))]));
            }
        }
        Assert.Equal(6, step);
    }
}
