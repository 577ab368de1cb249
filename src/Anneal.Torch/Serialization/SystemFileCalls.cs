using Anneal.Torch.Interop;
using Microsoft.Win32.SafeHandles;

namespace Anneal.Torch.Serialization;

/// <summary>The operating system's own calls.</summary>
sealed class SystemFileCalls : IFileCalls
{
    public static SystemFileCalls Instance { get; } = new();

    public SafeFileHandle Open(string path, FileMode mode) => File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.Read);

    public void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(file, bytes, offset);

    public void SetLength(SafeFileHandle file, long length) => RandomAccess.SetLength(file, length);

    public void Sync(SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows())
        {
            RandomAccess.FlushToDisk(file);
        }
        else
        {
            Libc.Sync(file);
        }
    }

    public void Rename(string from, string to)
    {
        if (OperatingSystem.IsWindows())
        {
            File.Move(from, to, overwrite: true);
        }
        else
        {
            Libc.Rename(from, to);
        }
    }

    public void SyncFolder(string folder)
    {
        // Windows keeps a folder's entries in its journal and has no call to flush them.
        if (!OperatingSystem.IsWindows())
        {
            Libc.SyncFolder(folder);
        }
    }

    public void Delete(string path) => File.Delete(path);
}
