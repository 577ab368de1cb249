using Anneal.Torch;

namespace Anneal.Training.Modules;

/// <summary>The tensors that parameters hold now, as one list for operators; it follows when a model moves and they are replaced.</summary>
sealed class CurrentTensors(IReadOnlyList<Func<Tensor>> sources) : IDisposable
{
    readonly Tensor?[] seen = new Tensor?[sources.Count];
    TensorList? list;

    /// <summary>The tensors, in the order of the sources.</summary>
    internal TensorList List => list ?? throw new InvalidOperationException("The tensors must be read once before they are listed.");

    internal Tensor this[int index] => sources[index]();

    /// <summary>Reads the tensors again and says whether any has been replaced; true the first time.</summary>
    internal bool Follow()
    {
        bool replaced = list is null;
        for (int i = 0; i < seen.Length; i++)
        {
            Tensor now = sources[i]();
            replaced |= !ReferenceEquals(seen[i], now);
            seen[i] = now;
        }
        if (replaced)
        {
            list?.Dispose();
            list = new TensorList(seen!);
        }
        return replaced;
    }

    public void Dispose() => list?.Dispose();
}
