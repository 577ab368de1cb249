using System.Runtime.InteropServices;

namespace Anneal.Torch.Interop;

/// <summary>One counted reference to a native tensor.</summary>
sealed class TensorHandle : SafeHandle
{
    static long live;

    internal TensorHandle(nint pointer) : base(0, ownsHandle: true)
    {
        SetHandle(pointer);
        Interlocked.Increment(ref live);
    }

    /// <summary>References not yet released, in this process.</summary>
    internal static long Live => Interlocked.Read(ref live);

    public override bool IsInvalid => handle == 0;

    internal nint Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, typeof(Tensor));
            return handle;
        }
    }

    protected override bool ReleaseHandle()
    {
        Interlocked.Decrement(ref live);
        Native.TensorRelease(handle);
        return true;
    }
}
