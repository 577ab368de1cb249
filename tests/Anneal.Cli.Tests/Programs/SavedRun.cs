using Anneal.Events;
using Anneal.Torch.Serialization;
using Anneal.Training.Checkpoints;

namespace Anneal.Cli.Tests.Programs;

/// <summary>What two runs must have in common to be the same: the last checkpoint bit by bit, and the events but for the time they took.</summary>
static class SavedRun
{
    public static void AssertSame(string expected, string actual)
    {
        Assert.Equal(Events(expected), Events(actual));
        (Dictionary<string, byte[]> tensors, Progress progress) = LastCheckpoint(expected);
        (Dictionary<string, byte[]> otherTensors, Progress other) = LastCheckpoint(actual);
        Assert.Equal(tensors.Keys.Order(), otherTensors.Keys.Order());
        foreach ((string name, byte[] bytes) in tensors)
        {
            Assert.True(bytes.AsSpan().SequenceEqual(otherTensors[name]), $"{name} must have the same bits.");
        }
        Assert.Equal(Timeless(progress), Timeless(other));
    }

    public static string NewestCheckpoint(string folder) => Directory.GetFiles(Path.Combine(folder, "checkpoints"), "step-*.safetensors").Order(StringComparer.Ordinal).Last();

    public static (Dictionary<string, byte[]> Tensors, Progress Progress) LastCheckpoint(string folder)
    {
        using SafetensorsFile file = SafetensorsFile.Open(NewestCheckpoint(folder));
        Dictionary<string, byte[]> tensors = [];
        foreach (SafetensorsEntry entry in file.Entries.Values)
        {
            byte[] bytes = new byte[entry.ByteLength];
            file.Read(entry, bytes);
            tensors[entry.Name] = bytes;
        }
        return (tensors, CheckpointFile.ReadProgress(file)!);
    }

    static string[] Events(string folder)
    {
        using StreamReader reader = new(Path.Combine(folder, "events.jsonl"));
        return [.. EventLines.ReadAll(reader).Where(happened => happened is not RunResumed).Select(happened => EventLines.Write(Timeless(happened)))];
    }

    static TrainingEvent Timeless(TrainingEvent happened) => happened switch
    {
        StepEnded step => step with { Seconds = 0, ExamplesPerSecond = 0 },
        EpochEnded epoch => epoch with { Seconds = 0, ExamplesPerSecond = 0 },
        _ => happened with { Seconds = 0 },
    };

    // The count of events has one more for each time the run was resumed.
    static string Timeless(Progress progress) => (progress with
    {
        Seconds = 0,
        Events = 0,
        Epoch = progress.Epoch with { Since = 0 },
        Log = progress.Log with { Since = 0 },
    }).ToJson();
}
