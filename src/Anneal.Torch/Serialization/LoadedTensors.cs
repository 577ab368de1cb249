namespace Anneal.Torch.Serialization;

/// <summary>What a file held: tensors on the CPU, which this object owns, and texts.</summary>
/// <param name="Tensors">Tensors by name.</param>
/// <param name="Metadata">Texts by name.</param>
public sealed record LoadedTensors(IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata) : IDisposable
{
    /// <summary>Releases the tensors.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in Tensors.Values)
        {
            tensor.Dispose();
        }
    }
}
