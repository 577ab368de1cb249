using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Anneal.Torch.Interop;

/// <summary>The C library's file calls whose failure .NET does not report.</summary>
/// <remarks>
/// <c>FileStream.Flush(true)</c> and <c>RandomAccess.FlushToDisk</c> return normally when fsync fails (seen in .NET 10.0.12), and
/// nothing in .NET flushes a folder.
/// </remarks>
static partial class Libc
{
    const int Interrupted = 4;
    const int ReadOnly = 0;

    public static void Sync(SafeFileHandle file)
    {
        bool held = false;
        try
        {
            file.DangerousAddRef(ref held);
            Sync((int)file.DangerousGetHandle());
        }
        finally
        {
            if (held)
            {
                file.DangerousRelease();
            }
        }
    }

    public static void SyncFolder(string folder)
    {
        int descriptor;
        do
        {
            descriptor = Open(folder, ReadOnly);
        }
        while (descriptor < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        Check(descriptor);
        try
        {
            Sync(descriptor);
        }
        finally
        {
            // Nothing was written through it: a failing close loses nothing.
            _ = Close(descriptor);
        }
    }

    public static void Rename(string from, string to) => Check(RenameFile(from, to));

    static void Sync(int descriptor)
    {
        int status;
        do
        {
            status = FSync(descriptor);
        }
        while (status < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        Check(status);
    }

    static void Check(int status)
    {
        if (status < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            throw new IOException($"{Marshal.GetPInvokeErrorMessage(error)} (errno {error})");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameFile(string from, string to);
}
