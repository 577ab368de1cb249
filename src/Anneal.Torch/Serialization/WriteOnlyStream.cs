namespace Anneal.Torch.Serialization;

/// <summary>A stream that can be written front to back and nothing else.</summary>
abstract class WriteOnlyStream : Stream
{
    public sealed override bool CanRead => false;

    public sealed override bool CanSeek => false;

    public sealed override bool CanWrite => true;

    public sealed override long Position
    {
        get => Length;
        set => throw new NotSupportedException("This stream is written front to back.");
    }

    public abstract override void Write(ReadOnlySpan<byte> buffer);

    public sealed override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public sealed override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is only written.");

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("This stream is written front to back.");

    public sealed override void SetLength(long value) => throw new NotSupportedException("This stream is written front to back.");
}
