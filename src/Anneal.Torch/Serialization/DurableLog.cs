using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Anneal.Torch.Serialization;

/// <summary>A file of lines that only grows, such as <c>events.jsonl</c>.</summary>
/// <remarks>
/// <para>A resume needs it without a gap and without a double: a checkpoint remembers <see cref="Length"/> after
/// <see cref="Sync"/>, and <see cref="Continue(string, long)"/> cuts off what was written after that checkpoint.</para>
/// <para>A line stays in memory until it was written, and each has its fixed place in the file: when the disk is full and a
/// call fails, a later call that succeeds writes what is missing, once.</para>
/// <para>For one thread at a time; others may read the file meanwhile.</para>
/// </remarks>
public sealed class DurableLog : IDisposable
{
    readonly string path;
    readonly SafeFileHandle file;
    readonly IFileCalls calls;
    readonly MemoryStream pending = new();
    long written;
    long synced;
    bool folderSynced;

    DurableLog(string path, SafeFileHandle file, long length, IFileCalls calls)
    {
        this.path = path;
        this.file = file;
        this.calls = calls;
        written = synced = length;
    }

    /// <summary>Bytes of all lines so far, those not yet written included.</summary>
    public long Length => written + pending.Length;

    /// <summary>A new, empty log; what the file held is gone.</summary>
    public static DurableLog Create(string path) => Create(path, SystemFileCalls.Instance);

    /// <summary>A log that goes on at a length it once had; what the file holds beyond it is cut off.</summary>
    /// <param name="path">A file that was written by this class.</param>
    /// <param name="length">Bytes to keep: a <see cref="Length"/> after a <see cref="Sync"/>.</param>
    /// <exception cref="InvalidFileException">The file is shorter, or has no line end there.</exception>
    public static DurableLog Continue(string path, long length) => Continue(path, length, SystemFileCalls.Instance);

    /// <summary>Adds a line. It is written by the next <see cref="Flush"/>.</summary>
    /// <param name="line">Without line breaks.</param>
    public void Append(string line)
    {
        if (line.AsSpan().ContainsAny('\n', '\r'))
        {
            throw new ArgumentException($"A line of a log must have no line break in it. Received: '{line}'.", nameof(line));
        }
        pending.Write(Encoding.UTF8.GetBytes(line));
        pending.WriteByte((byte)'\n');
    }

    /// <summary>Gives all lines to the operating system: they survive this process, not a power cut.</summary>
    /// <exception cref="IOException">They could not be written. They are kept for the next call.</exception>
    public void Flush()
    {
        if (pending.Length == 0)
        {
            return;
        }
        Try("writing failed", () => calls.Write(file, pending.GetBuffer().AsSpan(0, (int)pending.Length), written));
        written += pending.Length;
        pending.SetLength(0);
    }

    /// <summary>Returns when all lines are on the disk.</summary>
    /// <exception cref="IOException">They could not be written or flushed. The next call tries again.</exception>
    public void Sync()
    {
        Flush();
        try
        {
            Try("flushing it to the disk failed", () => calls.Sync(file));
        }
        catch (IOException)
        {
            Rewrite();
            throw;
        }
        synced = written;
        if (!folderSynced)
        {
            Try("flushing its folder failed", () => calls.SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!));
            folderSynced = true;
        }
    }

    /// <summary>Flushes and closes. Call <see cref="Sync"/> first where the lines must survive a power cut.</summary>
    /// <exception cref="IOException">The last lines could not be written.</exception>
    public void Dispose()
    {
        if (file.IsClosed)
        {
            return;
        }
        try
        {
            Flush();
        }
        finally
        {
            file.Dispose();
        }
    }

    internal static DurableLog Create(string path, IFileCalls calls) => new(path, calls.Open(path, FileMode.Create), length: 0, calls);

    internal static DurableLog Continue(string path, long length, IFileCalls calls)
    {
        SafeFileHandle file = calls.Open(path, FileMode.Open);
        try
        {
            long found = RandomAccess.GetLength(file);
            if (length < 0 || found < length)
            {
                throw new InvalidFileException(path, $"A log must hold at least the {length} bytes that its checkpoint remembers. Received: {found} bytes. Lines were lost; resume from an older checkpoint.");
            }
            Span<byte> last = stackalloc byte[1];
            if (length > 0 && (RandomAccess.Read(file, last, length - 1) != 1 || last[0] != (byte)'\n'))
            {
                throw new InvalidFileException(path, $"A log must have a line end where its checkpoint says that it ended, at byte {length}. It has none: it is not the log of that checkpoint.");
            }
            DurableLog log = new(path, file, length, calls);
            if (found > length)
            {
                log.Try("cutting off what came after the checkpoint failed", () => calls.SetLength(file, length));
            }
            return log;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // The kernel may take pages for clean after an fsync that failed, so that the next one succeeds without them
    // (LWN 752063, "PostgreSQL's fsync() surprise"). Written again, they are its business again.
    void Rewrite()
    {
        byte[] piece = new byte[1 << 16];
        try
        {
            for (long place = synced; place < written;)
            {
                int read = RandomAccess.Read(file, piece.AsSpan(0, (int)Math.Min(piece.Length, written - place)), place);
                if (read == 0)
                {
                    break;
                }
                calls.Write(file, piece.AsSpan(0, read), place);
                place += read;
            }
        }
        catch (IOException)
        {
            // The failed fsync is the error to report; the next one will fail or succeed by itself.
        }
    }

    void Try(string failed, Action call)
    {
        try
        {
            call();
        }
        catch (IOException e)
        {
            throw new IOException($"The log '{path}': {failed}: {e.Message.TrimEnd('.')}. No line is lost: the next call tries again.", e);
        }
    }
}
