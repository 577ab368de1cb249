using System.Runtime.InteropServices;

namespace Anneal.Torch.Interop;

/// <summary>A native generator.</summary>
sealed class GeneratorHandle : SafeHandle
{
    internal GeneratorHandle(nint pointer) : base(0, ownsHandle: true) => SetHandle(pointer);

    public override bool IsInvalid => handle == 0;

    internal nint Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, typeof(Generator));
            return handle;
        }
    }

    protected override bool ReleaseHandle()
    {
        Native.GeneratorRelease(handle);
        return true;
    }
}
