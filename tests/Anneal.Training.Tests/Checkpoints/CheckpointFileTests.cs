using Anneal.Testing;
using Anneal.Torch;
using Anneal.Torch.Serialization;
using Anneal.Training.Checkpoints;
using Anneal.Training.Tests.Samples;

namespace Anneal.Training.Tests.Checkpoints;

public sealed class CheckpointFileTests : IDisposable
{
    static readonly Progress Progress = new()
    {
        Step = 12, Steps = 40, OptimizerSteps = 11, Seconds = 1.5, Events = 9, SkippedInARow = 1, SkippedInTotal = 2, Reasons = ["best", "every"],
        AverageSteps = 11, Generator = [1, 2, 250], DeviceGenerator = [],
        Epoch = new RunningSums { Loss = 0.1 + 0.2, Correct = 3, Examples = 4, Since = 1 },
        Log = new RunningSums { Loss = double.PositiveInfinity, Correct = 1, Examples = 2, Since = 1.25 },
    };

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ReadsBackWhatItWrites()
    {
        using TensorScope scope = new();
        string path = folder.File("step.safetensors");
        Checkpoint written = Small();
        CheckpointFile.Write(path, written);
        using Checkpoint read = CheckpointFile.Read(path);
        Assert.Equal(Progress.ToJson(), read.Progress.ToJson());
        Assert.Equal(Progress.Epoch, read.Progress.Epoch);
        Assert.Equal(Progress.Log, read.Progress.Log);
        Assert.Equal(Bits.Of(written.Tensors), Bits.Of(read.Tensors));
    }

    [Fact]
    public void EveryDamagedCheckpointIsRefusedOrRight()
    {
        using TensorScope scope = new();
        string path = folder.File("step.safetensors");
        CheckpointFile.Write(path, Small());
        Dictionary<string, string> tensors = Bits.Of(Small().Tensors);
        string damaged = folder.File("damaged.safetensors");
        (int refused, IReadOnlyList<string> accepted) = Damage.Check<InvalidFileException>(File.ReadAllBytes(path), bytes =>
        {
            File.WriteAllBytes(damaged, bytes);
            using Checkpoint read = CheckpointFile.Read(damaged);
            Assert.Equal(Progress.ToJson(), read.Progress.ToJson());
            Assert.Equal(tensors, Bits.Of(read.Tensors));
        });
        Assert.True(refused > 5000, $"{refused} refused, {accepted.Count} accepted");
        // Only white space can change and leave the file right.
        Assert.True(accepted.Count < 100, string.Join("; ", accepted));
    }

    public static TheoryData<string, string> States => new()
    {
        { "null", "A checkpoint's state must be a JSON object. Received: null." },
        { "{", "A checkpoint's state must be JSON." },
        { """{"step": 5, "steps": 4}""", "A checkpoint's step must lie in its run. Received: step 5 of 4 after 0 events." },
        { """{"step": -1, "steps": 4}""", "A checkpoint's step must lie in its run." },
        { """{"step": 1, "steps": 4, "events": -1}""", "A checkpoint's step must lie in its run." },
        { """{"step": 1, "steps": 4, "epoch": null}""", "A checkpoint's state must be JSON." },
        { """{"step": 1, "steps": 4, "generator": null}""", "A checkpoint's state must be JSON." },
        { """{"step": 1, "steps": 4, "reasons": null}""", "A checkpoint's state must be JSON." },
        { """{"step": "x"}""", "A checkpoint's state must be JSON." },
    };

    [Theory]
    [MemberData(nameof(States))]
    public void RefusesAStateThatCannotBe(string json, string message) =>
        Assert.StartsWith(message, Assert.Throws<FormatException>(() => Progress.FromJson(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void RefusesASafetensorsFileThatIsNoCheckpoint()
    {
        using TensorScope scope = new();
        string path = folder.File("model.safetensors");
        TensorFile.Save(path, Small().Tensors);
        Assert.Contains(
            "A checkpoint must have 'anneal.progress' in its metadata. Received: a safetensors file without.",
            Assert.Throws<InvalidFileException>(() => CheckpointFile.Read(path)).Message, StringComparison.Ordinal);
    }

    static Checkpoint Small() => new(Progress, [KeyValuePair.Create("model.w", Tensor.From([1f, float.NaN, -0f], 3, 1)), KeyValuePair.Create("n", Tensor.From([7L]))]);
}
