using Microsoft.Win32.SafeHandles;

namespace Anneal.Torch.Serialization;

/// <summary>The system calls that durable writing is made of, so that a test can make each of them fail.</summary>
/// <remarks>Each throws an <see cref="IOException"/> when it fails.</remarks>
interface IFileCalls
{
    /// <summary>Opens a file for writing; makes it where there is none.</summary>
    SafeFileHandle Open(string path, FileMode mode);

    /// <summary>Where a path leads through symbolic links; null where that is nowhere.</summary>
    string? RealPath(string path);

    /// <summary>Gives an open file the owner, the group and the mode of another one, as far as this process may.</summary>
    void CopyOwnerAndMode(string from, SafeFileHandle to);

    void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset);

    void SetLength(SafeFileHandle file, long length);

    /// <summary>Returns when the file's bytes are on the disk.</summary>
    void Sync(SafeFileHandle file);

    /// <summary>Puts a file in the place of another, at once: whoever looks sees the one or the other.</summary>
    void Rename(string from, string to);

    /// <summary>Returns when the folder's entries are on the disk.</summary>
    void SyncFolder(string folder);

    void Delete(string path);
}
