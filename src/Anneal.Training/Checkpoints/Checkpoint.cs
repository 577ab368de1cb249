using Anneal.Torch;

namespace Anneal.Training.Checkpoints;

/// <summary>The whole state of a run between two steps.</summary>
/// <param name="Progress">Counts, sums and generator states.</param>
/// <param name="Tensors">
/// Weights and buffers (<c>model.</c>), optimizer state (<c>optimizer.</c>) and averages (<c>average.</c>) by name, and what to
/// evaluate with in place of running statistics that do not fit (<c>statistics.</c>).
/// </param>
public sealed record Checkpoint(Progress Progress, IReadOnlyList<KeyValuePair<string, Tensor>> Tensors) : IDisposable
{
    /// <summary>What a model's file says beside its weights: with it, a checkpoint's file is a model, too.</summary>
    public IReadOnlyDictionary<string, string> Description { get; init; } = new Dictionary<string, string>();

    /// <summary>Releases the tensors: for whoever read them from a file.</summary>
    public void Dispose()
    {
        foreach ((_, Tensor tensor) in Tensors)
        {
            tensor.Dispose();
        }
    }
}
