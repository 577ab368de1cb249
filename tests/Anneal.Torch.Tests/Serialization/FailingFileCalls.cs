using Anneal.Torch.Serialization;
using Microsoft.Win32.SafeHandles;

namespace Anneal.Torch.Tests.Serialization;

/// <summary>The real calls, of which chosen ones fail; a failing write leaves half of its bytes, as a disk that fills up does.</summary>
sealed class FailingFileCalls(Func<int, string, bool> fails) : IFileCalls
{
    readonly SystemFileCalls real = SystemFileCalls.Instance;

    /// <summary>Every call made, in order; those of the clean-up after a failure too.</summary>
    public List<string> Made { get; } = [];

    public SafeFileHandle Open(string path, FileMode mode)
    {
        Step("open");
        return real.Open(path, mode);
    }

    public string? RealPath(string path) => real.RealPath(path);

    public void CopyOwnerAndMode(string from, SafeFileHandle to)
    {
        Step("copy-owner-and-mode");
        real.CopyOwnerAndMode(from, to);
    }

    public void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            Step("write");
        }
        catch (IOException)
        {
            real.Write(file, bytes[..(bytes.Length / 2)], offset);
            throw;
        }
        real.Write(file, bytes, offset);
    }

    public void SetLength(SafeFileHandle file, long length)
    {
        Step("set-length");
        real.SetLength(file, length);
    }

    // Not flushed for real: a test cannot see the difference, and would wait for the disk a hundred times.
    public void Sync(SafeFileHandle file) => Step("sync");

    public void Rename(string from, string to)
    {
        Step("rename");
        real.Rename(from, to);
    }

    public void SyncFolder(string folder) => Step("sync-folder");

    public void Delete(string path)
    {
        Step("delete");
        real.Delete(path);
    }

    void Step(string call)
    {
        Made.Add(call);
        if (fails(Made.Count - 1, call))
        {
            throw new IOException($"the {call} was made to fail");
        }
    }
}
