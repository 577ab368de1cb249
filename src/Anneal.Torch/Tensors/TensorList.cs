using Anneal.Torch.Interop;

namespace Anneal.Torch;

/// <summary>Tensors that operators take together again and again, such as all parameters of a model.</summary>
/// <remarks>
/// It is laid out natively once, so that a call costs the same for 2 tensors as for 200. It keeps its tensors' memory
/// alive on its own; the tensors given stay their owners'.
/// </remarks>
public sealed class TensorList : IDisposable
{
    readonly ListHandle handle;

    /// <summary>A list of tensors, none of them undefined.</summary>
    public unsafe TensorList(IReadOnlyList<Tensor> tensors)
    {
        nint[] pointers = new nint[tensors.Count];
        for (int i = 0; i < pointers.Length; i++)
        {
            pointers[i] = tensors[i].Pointer;
        }
        fixed (nint* first = pointers)
        {
            Native.ListCreate(first, pointers.Length, out nint created);
            handle = new ListHandle(created);
        }
        GC.KeepAlive(tensors);
        Count = pointers.Length;
    }

    /// <summary>The number of tensors.</summary>
    public int Count { get; }

    internal nint Pointer => handle.Pointer;

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();

    /// <summary>Such as <c>62 tensors</c>.</summary>
    public override string ToString() => $"{Count} tensors";
}
