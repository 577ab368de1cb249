using System.Buffers.Binary;
using System.Text;

namespace Anneal.Reports.Tests.TensorBoard;

/// <summary>One event as TensorBoard would read it.</summary>
sealed record DecodedEvent(double WallTime, long Step, string? Version, string? Tag, float? Value, ulong? SessionStatus);

/// <summary>Reads event files by the published format, bit by bit and sharing nothing with the writer.</summary>
static class EventFileDecoder
{
    public static List<DecodedEvent> Decode(ReadOnlySpan<byte> file)
    {
        List<DecodedEvent> events = [];
        while (!file.IsEmpty)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
            Assert.Equal(Mask(Checksum(file[..8])), BinaryPrimitives.ReadUInt32LittleEndian(file[8..]));
            ReadOnlySpan<byte> data = file.Slice(12, length);
            Assert.Equal(Mask(Checksum(data)), BinaryPrimitives.ReadUInt32LittleEndian(file[(12 + length)..]));
            events.Add(Event(data));
            file = file[(16 + length)..];
        }
        return events;
    }

    static DecodedEvent Event(ReadOnlySpan<byte> data)
    {
        DecodedEvent decoded = new(0, 0, null, null, null, null);
        foreach ((int field, ulong number, byte[] bytes) in Fields(data))
        {
            decoded = field switch
            {
                1 => decoded with { WallTime = BitConverter.UInt64BitsToDouble(number) },
                2 => decoded with { Step = (long)number },
                3 => decoded with { Version = Encoding.UTF8.GetString(bytes) },
                5 => Summary(decoded, bytes),
                7 => decoded with { SessionStatus = Fields(bytes).Single(each => each.Field == 1).Number },
                _ => throw new InvalidDataException($"field {field}"),
            };
        }
        return decoded;
    }

    static DecodedEvent Summary(DecodedEvent decoded, byte[] summary)
    {
        foreach ((int field, ulong number, byte[] bytes) in Fields(Fields(summary).Single(each => each.Field == 1).Bytes))
        {
            decoded = field switch
            {
                1 => decoded with { Tag = Encoding.UTF8.GetString(bytes) },
                2 => decoded with { Value = BitConverter.UInt32BitsToSingle((uint)number) },
                _ => throw new InvalidDataException($"value field {field}"),
            };
        }
        return decoded;
    }

    static List<(int Field, ulong Number, byte[] Bytes)> Fields(ReadOnlySpan<byte> data)
    {
        List<(int, ulong, byte[])> fields = [];
        while (!data.IsEmpty)
        {
            ulong key = Variable(ref data);
            int field = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    fields.Add((field, Variable(ref data), []));
                    break;
                case 1:
                    fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(data), []));
                    data = data[8..];
                    break;
                case 2:
                    int length = (int)Variable(ref data);
                    fields.Add((field, 0, data[..length].ToArray()));
                    data = data[length..];
                    break;
                case 5:
                    fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(data), []));
                    data = data[4..];
                    break;
                default:
                    throw new InvalidDataException($"wire type {key & 7}");
            }
        }
        return fields;
    }

    static ulong Variable(ref ReadOnlySpan<byte> data)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte each = data[0];
            data = data[1..];
            value |= (ulong)(each & 0x7F) << shift;
            if (each < 0x80)
            {
                return value;
            }
        }
    }

    static uint Mask(uint checksum) => ((checksum >> 15) | (checksum << 17)) + 0xA282EAD8;

    // CRC-32C by its definition: the reflected Castagnoli polynomial, bit by bit.
    static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint checksum = 0xFFFFFFFF;
        foreach (byte each in bytes)
        {
            checksum ^= each;
            for (int bit = 0; bit < 8; bit++)
            {
                checksum = (checksum & 1) != 0 ? (checksum >> 1) ^ 0x82F63B78 : checksum >> 1;
            }
        }
        return ~checksum;
    }
}
