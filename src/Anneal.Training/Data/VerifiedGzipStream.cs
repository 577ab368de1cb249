using System.IO.Compression;
using Anneal.Torch.Serialization;

namespace Anneal.Training.Data;

/// <summary>Expands gzip data (RFC 1952) and accepts it only whole: each member's checksum and length are there and right.</summary>
/// <remarks>
/// <see cref="GZipStream"/> compares both where it finds them, and takes data that ends before them, within the last eight bytes,
/// for whole (seen in .NET 10.0.12). So where the data ends, bytes of FF follow: whole data has ended before and ignores
/// them, and what was cut off is completed to a wrong trailer. Its last byte belongs to the length, which is never so large.
/// </remarks>
sealed class VerifiedGzipStream : Stream
{
    readonly Padded compressed;
    readonly GZipStream expanded;
    readonly string name;

    /// <summary>Expands a stream, which stays open.</summary>
    /// <param name="compressed">At the beginning of the data. Expanded, a member must have less than FF000000 bytes.</param>
    /// <param name="name">What errors call it.</param>
    public VerifiedGzipStream(Stream compressed, string name)
    {
        this.compressed = new Padded(compressed);
        expanded = new GZipStream(this.compressed, CompressionMode.Decompress);
        this.name = name;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException("How long expanded data is shows at its end.");

    public override long Position
    {
        get => throw new NotSupportedException("Expanded data is read front to back.");
        set => throw new NotSupportedException("Expanded data is read front to back.");
    }

    /// <exception cref="InvalidFileException">The data is cut off or damaged.</exception>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            int got = expanded.Read(buffer);
            return compressed.IsUsedUp ? throw new InvalidDataException() : got;
        }
        catch (InvalidDataException e)
        {
            throw new InvalidFileException(
                name, $"A compressed file must be whole gzip data. This one {(compressed.HasEnded ? "was cut off" : $"is damaged: {e.Message}")}", e);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("Expanded data is read front to back.");

    public override void SetLength(long value) => throw new NotSupportedException("This stream is only read.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is only read.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            expanded.Dispose();
        }
        base.Dispose(disposing);
    }

    sealed class Padded(Stream data) : Stream
    {
        // Whole data asks for one buffer of it at most. It is not endless, for a field of a cut header would be.
        const int Most = 1 << 17;

        int padding;

        public bool HasEnded => padding > 0;

        public bool IsUsedUp => padding > Most;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            int got = data.Read(buffer);
            if (got > 0 || IsUsedUp)
            {
                return got;
            }
            buffer.Fill(0xFF);
            padding += buffer.Length;
            return buffer.Length;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
