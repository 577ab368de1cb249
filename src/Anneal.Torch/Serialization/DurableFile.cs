using Microsoft.Win32.SafeHandles;

namespace Anneal.Torch.Serialization;

/// <summary>Replaces a file so that at every moment, through a crash or a power cut, it is the old one or the new one, whole.</summary>
/// <remarks>
/// The new one is written beside it under the name with <c>.tmp</c> added, flushed to the disk, renamed over the old one, and
/// the folder is flushed. What a kill leaves of a <c>.tmp</c> is overwritten by the next write. One writer at a time.
/// A symbolic link stays one: the file that it leads to is replaced. Owner, group and mode stay as they are, as far as this
/// process may give them; where the group cannot stay, it gets no more than everybody. Another hard link keeps the old content.
/// </remarks>
public static class DurableFile
{
    const int BufferBytes = 1 << 16;

    /// <summary>Writes a file; returns when it is on the disk under its name.</summary>
    /// <param name="path">In a folder that exists. Its own file may exist or not.</param>
    /// <param name="write">Writes the contents, front to back. What it throws passes through; then nothing has changed.</param>
    /// <exception cref="IOException">
    /// A step failed: the message names it and says whether the old file is still there. No temporary file is left.
    /// </exception>
    public static void Write(string path, Action<Stream> write) => Write(path, write, SystemFileCalls.Instance);

    internal static void Write(string path, Action<Stream> write, IFileCalls calls)
    {
        string? existing = calls.RealPath(path);
        string full = existing ?? Path.GetFullPath(Missing(path));
        string folder = Path.GetDirectoryName(full) ?? throw new ArgumentException($"A file must have a name. Received: '{path}'.", nameof(path));
        string temporary = full + ".tmp";
        SafeFileHandle file = Try(path, "its temporary file could not be made", () => calls.Open(temporary, FileMode.Create));
        try
        {
            using (file)
            {
                if (existing is not null)
                {
                    // Before there is anything to read in it.
                    Try(path, "its owner and mode could not be kept", () => calls.CopyOwnerAndMode(existing, file));
                }
                FileContents contents = new(path, file, calls);
                write(contents);
                contents.Finish();
                Try(path, "flushing it to the disk failed", () => calls.Sync(file));
            }
            Try(path, "renaming its temporary file failed", () => calls.Rename(temporary, full));
        }
        catch
        {
            Remove(temporary, calls);
            throw;
        }
        try
        {
            calls.SyncFolder(folder);
        }
        catch (IOException e)
        {
            throw new IOException($"'{path}' was written, but flushing its folder failed: {e.Message}. After a power cut the folder may show the old file or the new one.", e);
        }
    }

    // A link to a file that does not exist yet leads to where it is to be made.
    static string Missing(string path) =>
        new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : path;

    static void Try(string path, string failed, Action call) => Try<object?>(path, failed, () =>
    {
        call();
        return null;
    });

    static T Try<T>(string path, string failed, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(path, failed, e);
        }
    }

    static IOException Failure(string path, string failed, Exception cause) =>
        new($"'{path}' could not be saved: {failed}: {cause.Message.TrimEnd('.')}. What was there before is unchanged.", cause);

    static void Remove(string temporary, IFileCalls calls)
    {
        try
        {
            calls.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error that brought us here is the one to report; the next write takes the file's place.
        }
    }

    /// <summary>The file's bytes on their way down. After a failure every further write fails too: no file gets a hole.</summary>
    sealed class FileContents(string path, SafeFileHandle file, IFileCalls calls) : WriteOnlyStream
    {
        readonly byte[] room = new byte[BufferBytes];
        int buffered;
        long written;
        IOException? failure;

        public override long Length => written + buffered;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (buffer.Length > room.Length - buffered)
            {
                Finish();
            }
            if (buffer.Length > room.Length)
            {
                WriteDown(buffer);
            }
            else
            {
                buffer.CopyTo(room.AsSpan(buffered));
                buffered += buffer.Length;
            }
        }

        public void Finish()
        {
            WriteDown(room.AsSpan(0, buffered));
            buffered = 0;
        }

        void WriteDown(ReadOnlySpan<byte> bytes)
        {
            if (failure is not null)
            {
                throw failure;
            }
            try
            {
                calls.Write(file, bytes, written);
            }
            catch (IOException e)
            {
                failure = Failure(path, "writing failed", e);
                throw failure;
            }
            written += bytes.Length;
        }
    }
}
