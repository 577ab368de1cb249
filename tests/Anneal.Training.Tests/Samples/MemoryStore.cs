using Anneal.Torch;
using Anneal.Training.Checkpoints;

namespace Anneal.Training.Tests.Samples;

/// <summary>Checkpoints in memory, as copies.</summary>
sealed class MemoryStore : ICheckpointStore, IDisposable
{
    readonly List<Checkpoint> everything = [];

    public SortedDictionary<string, Checkpoint> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Says what goes wrong when a file is saved; null for nothing.</summary>
    public Func<string, Exception?> Fault { get; init; } = _ => null;

    public Checkpoint Newest => Files.Last().Value;

    public static string FileOf(long step) => $"step-{step:D8}.safetensors";

    public void Save(string file, Checkpoint checkpoint)
    {
        if (Fault(file) is { } fault)
        {
            throw fault;
        }
        using GradientMode.Restore unrecorded = GradientMode.Off();
        Checkpoint copy = checkpoint with
        {
            Tensors = [.. checkpoint.Tensors.Select(named => KeyValuePair.Create(named.Key, TensorScope.Release(named.Value.Clone())))],
        };
        everything.Add(copy);
        Files[file] = copy;
    }

    // The tests' own copies stay the store's to dispose.
    public Checkpoint? Read(string file) => Files.TryGetValue(file, out Checkpoint? saved)
        ? saved with { Tensors = [.. saved.Tensors.Select(named => KeyValuePair.Create(named.Key, TensorScope.Release(named.Value.Clone())))] }
        : null;

    /// <summary>What was saved at a step, also where it was deleted since.</summary>
    public Checkpoint Everything(long step) => everything.First(saved => saved.Progress.Step == step);

    public void Delete(string file) => Files.Remove(file);

    public void Dispose() => everything.ForEach(checkpoint => checkpoint.Dispose());
}
