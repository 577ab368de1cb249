using System.Runtime.InteropServices;

using System.Runtime.InteropServices.Marshalling;

namespace Anneal.Torch.Interop;

/// <summary>What a native call returns. It carries nothing: a failed call has thrown by the time it exists.</summary>
[NativeMarshalling(typeof(StatusMarshaller))]
readonly struct Status;

/// <summary>Turns a native status into an exception, so that no call can go unchecked.</summary>
[CustomMarshaller(typeof(Status), MarshalMode.ManagedToUnmanagedOut, typeof(StatusMarshaller))]
static class StatusMarshaller
{
    public static Status ConvertToManaged(int status) => status == 0 ? default : throw Failure(status);

    static unsafe TorchException Failure(int status)
    {
        string message = Marshal.PtrToStringUTF8((nint)Native.LastError()) ?? "";
        return new TorchException(message) { IsOutOfMemory = status == 2 };
    }
}
