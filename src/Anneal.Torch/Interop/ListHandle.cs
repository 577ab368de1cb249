using System.Runtime.InteropServices;

namespace Anneal.Torch.Interop;

/// <summary>A native list of tensors.</summary>
sealed class ListHandle : SafeHandle
{
    internal ListHandle(nint pointer) : base(0, ownsHandle: true) => SetHandle(pointer);

    public override bool IsInvalid => handle == 0;

    internal nint Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, typeof(TensorList));
            return handle;
        }
    }

    protected override bool ReleaseHandle()
    {
        Native.ListRelease(handle);
        return true;
    }
}
