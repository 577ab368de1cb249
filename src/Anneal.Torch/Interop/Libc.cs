using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Anneal.Torch.Interop;

/// <summary>The C library's file calls that .NET does not have, or whose failure it does not report.</summary>
/// <remarks>
/// <c>FileStream.Flush(true)</c> and <c>RandomAccess.FlushToDisk</c> return normally when fsync fails (seen in .NET 10.0.12), and
/// nothing in .NET flushes a folder, says who owns a file, or makes a folder only where there is none.
/// </remarks>
static partial class Libc
{
    const int Interrupted = 4;
    const int Exists = 17;
    const int ReadOnly = 0;
    const int WorkingFolder = -100;
    const uint WantModeAndOwner = 0x1 | 0x2 | 0x8 | 0x10;

    public static void Sync(SafeFileHandle file)
    {
        With(file, Sync);
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

    /// <summary>Where a path leads when all symbolic links on it are followed; null where that is nowhere.</summary>
    public static string? RealPath(string path) => ResolvePath(path, 0);

    /// <summary>Makes a folder; false where there is something of that name already. Of several processes one makes it.</summary>
    public static bool TryMakeFolder(string path)
    {
        int status = MakeFolder(path, 0x1FF);
        if (status < 0 && Marshal.GetLastPInvokeError() == Exists)
        {
            return false;
        }
        Check(status);
        return true;
    }

    /// <summary>Gives an open file the owner, the group and the mode of another one, as far as this process may.</summary>
    public static void CopyOwnerAndMode(string from, SafeFileHandle to)
    {
        Check(GetStatus(WorkingFolder, from, 0, WantModeAndOwner, out FileStatus status));
        With(to, descriptor =>
        {
            // The owner may be given by root alone, a group by its members.
            bool isGroupKept = ChangeOwner(descriptor, status.User, status.Group) == 0 || ChangeOwner(descriptor, -1, status.Group) == 0;
            uint mode = status.Mode & 0xFFFu;
            if (!isGroupKept)
            {
                // What a group was allowed was not allowed to another group.
                mode = (mode & ~0x38u) | ((mode & 0x7u) << 3);
            }
            Check(ChangeMode(descriptor, mode));
        });
    }

    static void With(SafeFileHandle file, Action<int> act)
    {
        bool held = false;
        try
        {
            file.DangerousAddRef(ref held);
            act((int)file.DangerousGetHandle());
        }
        finally
        {
            if (held)
            {
                file.DangerousRelease();
            }
        }
    }

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

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFolder(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial string? ResolvePath(string path, nint room);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GetStatus(int folder, string path, int flags, uint wanted, out FileStatus status);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int ChangeOwner(int descriptor, int user, int group);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    private static partial int ChangeMode(int descriptor, uint mode);

    // The kernel's struct statx, the same on every processor (linux/stat.h); the rest of its 256 bytes is not asked for.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    struct FileStatus
    {
        [FieldOffset(20)]
        public int User;

        [FieldOffset(24)]
        public int Group;

        [FieldOffset(28)]
        public ushort Mode;
    }
}
