using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Anneal.Reports.TensorBoard;

/// <summary>Writes a TensorBoard event file: numbers by tag and step, for TensorBoard to draw.</summary>
/// <remarks>
/// <para>Format: records of <c>length, crc(length), data, crc(data)</c>, each datum a protocol-buffer <c>Event</c>
/// (tensorboard/compat/proto/event.proto; the checksums as in tensorflow/core/lib/io/record_writer.cc).</para>
/// <para>TensorBoard reads all files of a folder in the order of their names: an interrupted run goes on in a new file whose
/// first call is <see cref="Restart"/>.</para>
/// </remarks>
public sealed class TensorBoardWriter : IDisposable
{
    const ulong SessionStart = 1;

    readonly Stream stream;

    /// <summary>Begins a file.</summary>
    /// <param name="stream">An empty file. Owned: it closes with the writer.</param>
    /// <param name="wallTime">When the file was begun.</param>
    public TensorBoardWriter(Stream stream, DateTimeOffset wallTime)
    {
        this.stream = stream;
        WriteRecord(new Message().Double(1, Seconds(wallTime)).Text(3, "brain.Event:2"));
    }

    /// <summary>The name by which TensorBoard knows an event file.</summary>
    /// <param name="started">When the file is begun; later files must sort after earlier ones.</param>
    /// <param name="host">This machine's name.</param>
    /// <param name="process">This process's number.</param>
    public static string FileName(DateTimeOffset started, string host, int process) =>
        $"events.out.tfevents.{started.ToUnixTimeSeconds():D10}.{string.Concat(host.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '_'))}.{process}.0";

    /// <summary>Adds a point to a curve.</summary>
    /// <param name="tag">The curve's name; what stands before a <c>/</c> groups curves.</param>
    /// <param name="step">0 or more.</param>
    /// <param name="value">Stored in single precision, as TensorBoard holds it; may be infinite or not a number.</param>
    /// <param name="wallTime">When it was measured.</param>
    public void Scalar(string tag, long step, double value, DateTimeOffset wallTime)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        Message point = new Message().Text(1, tag).Single(2, (float)value);
        WriteRecord(Event(wallTime, step).Nested(5, new Message().Nested(1, point)));
    }

    /// <summary>Makes TensorBoard forget the points at this step and later, from earlier files: the run was taken up before them.</summary>
    /// <param name="step">The first step that comes again.</param>
    /// <param name="wallTime">When the run was taken up.</param>
    public void Restart(long step, DateTimeOffset wallTime) =>
        WriteRecord(Event(wallTime, step).Nested(7, new Message().Number(1, SessionStart)));

    /// <summary>Gives all points to the operating system.</summary>
    public void Flush() => stream.Flush();

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    static Message Event(DateTimeOffset wallTime, long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        Message message = new Message().Double(1, Seconds(wallTime));
        // A zero is the format's default, and left out by all its writers.
        return step == 0 ? message : message.Number(2, (ulong)step);
    }

    static double Seconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch) / TimeSpan.FromSeconds(1);

    void WriteRecord(Message message)
    {
        ReadOnlySpan<byte> data = message.Bytes;
        byte[] record = new byte[12 + data.Length + 4];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedChecksum(record.AsSpan(0, 8)));
        data.CopyTo(record.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + data.Length), MaskedChecksum(data));
        stream.Write(record);
    }

    // Masked, so that a checksum computed over data that holds checksums stays one.
    static uint MaskedChecksum(ReadOnlySpan<byte> bytes)
    {
        uint checksum = uint.MaxValue;
        foreach (byte each in bytes)
        {
            checksum = BitOperations.Crc32C(checksum, each);
        }
        return BitOperations.RotateRight(~checksum, 15) + 0xA282EAD8;
    }

    /// <summary>A protocol-buffer message, built field by field (https://protobuf.dev/programming-guides/encoding).</summary>
    sealed class Message
    {
        const int VarInt = 0, Fixed64 = 1, LengthDelimited = 2, Fixed32 = 5;

        readonly List<byte> content = [];

        public ReadOnlySpan<byte> Bytes => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(content);

        public Message Number(int field, ulong value)
        {
            Key(field, VarInt);
            Variable(value);
            return this;
        }

        public Message Double(int field, double value)
        {
            Key(field, Fixed64);
            Span<byte> bytes = stackalloc byte[8];
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
            content.AddRange(bytes);
            return this;
        }

        public Message Single(int field, float value)
        {
            Key(field, Fixed32);
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
            content.AddRange(bytes);
            return this;
        }

        public Message Text(int field, string text) => Delimited(field, Encoding.UTF8.GetBytes(text));

        public Message Nested(int field, Message message) => Delimited(field, message.Bytes);

        Message Delimited(int field, ReadOnlySpan<byte> bytes)
        {
            Key(field, LengthDelimited);
            Variable((ulong)bytes.Length);
            content.AddRange(bytes);
            return this;
        }

        void Key(int field, int wireType) => Variable((ulong)(field << 3 | wireType));

        void Variable(ulong value)
        {
            for (; value >= 0x80; value >>= 7)
            {
                content.Add((byte)(value | 0x80));
            }
            content.Add((byte)value);
        }
    }
}
