namespace Anneal.Torch;

/// <summary>Owns every tensor that is made on this thread while it is the innermost scope, and releases them when disposed.</summary>
/// <remarks>
/// Scopes nest, and belong to the thread that opened them. A tensor made outside all scopes belongs to whoever made it.
/// A training loop opens one for each step, so that the step's temporaries do not wait for the garbage collector.
/// </remarks>
public sealed class TensorScope : IDisposable
{
    [ThreadStatic]
    static TensorScope? innermost;

    readonly int thread = Environment.CurrentManagedThreadId;
    readonly TensorScope? outer;
    readonly List<Tensor?> owned = [];
    bool disposed;

    /// <summary>Opens a scope inside the current one.</summary>
    public TensorScope()
    {
        outer = innermost;
        innermost = this;
    }

    internal static TensorScope? Innermost => innermost;

    internal int Own(Tensor tensor)
    {
        owned.Add(tensor);
        return owned.Count - 1;
    }

    internal void Forget(int place)
    {
        if (thread != Environment.CurrentManagedThreadId)
        {
            throw new InvalidOperationException("A tensor must leave its scope on the thread that opened the scope. Call TensorScope.Release there before another thread takes the tensor.");
        }
        owned[place] = null;
        // Keeps a long scope whose tensors come and go from growing without end.
        while (owned.Count > 0 && owned[^1] is null)
        {
            owned.RemoveAt(owned.Count - 1);
        }
    }

    /// <summary>Releases what it owns. Scopes are closed in the reverse order of opening.</summary>
    /// <exception cref="InvalidOperationException">A scope opened later is still open, or the scope is of another thread.</exception>
    public void Dispose()
    {
        if (disposed)
        {
            return;
        }
        if (innermost != this)
        {
            throw new InvalidOperationException("Tensor scopes must be closed innermost first, on the thread that opened them.");
        }
        disposed = true;
        innermost = outer;
        foreach (Tensor? tensor in owned)
        {
            tensor?.DisposeOwned();
        }
        owned.Clear();
    }

    /// <summary>Lets a tensor outlive the innermost scope: it passes to the scope around it, or to the caller where there is none.</summary>
    /// <remarks>A tensor that the innermost scope does not own outlives it anyhow, and stays where it is.</remarks>
    /// <returns>The same tensor.</returns>
    public static Tensor Keep(Tensor tensor)
    {
        if (innermost is { } scope && tensor.Owner == scope)
        {
            tensor.MoveTo(scope.outer);
        }
        return tensor;
    }

    /// <summary>Takes a tensor out of all scopes: the caller disposes it.</summary>
    /// <returns>The same tensor.</returns>
    /// <exception cref="InvalidOperationException">The tensor belongs to a scope of another thread.</exception>
    public static Tensor Release(Tensor tensor)
    {
        tensor.MoveTo(null);
        return tensor;
    }
}
