using Anneal.Torch.Interop;
using Microsoft.Win32.SafeHandles;

namespace Anneal.Torch.Serialization;

/// <summary>The operating system's own calls.</summary>
sealed class SystemFileCalls : IFileCalls
{
    public static SystemFileCalls Instance { get; } = new();

    public SafeFileHandle Open(string path, FileMode mode) => File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.Read);

    public string? RealPath(string path) => OperatingSystem.IsWindows()
        ? new FileInfo(path) is { Exists: true } file ? file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path : null
        : Libc.RealPath(path);

    public void CopyOwnerAndMode(string from, SafeFileHandle to)
    {
        // Windows derives both from the folder.
        if (!OperatingSystem.IsWindows())
        {
            Libc.CopyOwnerAndMode(from, to);
        }
    }

    public void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(file, bytes, offset);
        }
        catch (ArgumentOutOfRangeException e)
        {
            // What .NET makes of EFBIG: the file system or a limit of this process lets no file grow so long.
            throw new IOException("The file became larger than the system allows (EFBIG).", e);
        }
    }

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
