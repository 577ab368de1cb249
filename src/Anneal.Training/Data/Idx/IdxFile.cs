using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Anneal.Torch.Serialization;

namespace Anneal.Training.Data.Idx;

/// <summary>An array read from an IDX file, the format of MNIST and its kin; compressed by gzip or not.</summary>
/// <remarks>
/// Format: <c>00 00 type dimensions</c>, the sizes as 32-bit numbers, the elements; all big-endian
/// (http://yann.lecun.com/exdb/mnist/, "The IDX file format"). Memory grows with what the file really holds, not with what it
/// declares.
/// </remarks>
public sealed class IdxFile
{
    const int FirstPiece = 1 << 12;
    const int LongestPiece = 1 << 20;

    readonly List<byte[]> pieces;

    IdxFile(string name, IdxType type, ImmutableArray<int> shape, long byteLength, List<byte[]> pieces)
    {
        Name = name;
        Type = type;
        Shape = shape;
        ByteLength = byteLength;
        this.pieces = pieces;
    }

    /// <summary>The file's path, or what it is called.</summary>
    public string Name { get; }

    /// <summary>What one element is.</summary>
    public IdxType Type { get; }

    /// <summary>Elements along each dimension; the first counts the examples.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>Bytes of all elements.</summary>
    public long ByteLength { get; }

    /// <summary>Reads a whole file. Whether it is compressed shows in its first bytes; its name does not matter.</summary>
    /// <exception cref="InvalidFileException">It breaks a rule of the format.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    public static IdxFile Read(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        return Read(file, path);
    }

    /// <summary>Reads from a stream's present position to its end.</summary>
    /// <param name="stream">Readable and seekable.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="InvalidFileException">It breaks a rule of the format.</exception>
    public static IdxFile Read(Stream stream, string name)
    {
        Span<byte> magic = stackalloc byte[2];
        long start = stream.Position;
        bool compressed = stream.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1F, 0x8B];
        stream.Position = start;
        if (!compressed)
        {
            return ReadPlain(stream, name);
        }
        using VerifiedGzipStream expanded = new(stream, name);
        return ReadPlain(expanded, name);
    }

    /// <summary>Copies all elements, row by row, in this machine's byte order.</summary>
    /// <param name="destination">Exactly <see cref="ByteLength"/> bytes.</param>
    public void CopyTo(Span<byte> destination)
    {
        if (destination.Length != ByteLength)
        {
            throw new ArgumentException($"The destination must have the array's length. Received: {destination.Length} bytes for {ByteLength}.", nameof(destination));
        }
        Span<byte> rest = destination;
        foreach (byte[] piece in pieces)
        {
            ReadOnlySpan<byte> part = piece.AsSpan(0, Math.Min(piece.Length, rest.Length));
            part.CopyTo(rest);
            rest = rest[part.Length..];
        }
        if (BitConverter.IsLittleEndian)
        {
            Reverse(destination);
        }
    }

    /// <summary>All elements, row by row, in this machine's byte order.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[ByteLength];
        CopyTo(bytes);
        return bytes;
    }

    internal static int ByteSize(IdxType type) => type switch
    {
        IdxType.U8 or IdxType.I8 => 1,
        IdxType.I16 => 2,
        IdxType.I32 or IdxType.F32 => 4,
        _ => 8,
    };

    static IdxFile ReadPlain(Stream stream, string name)
    {
        Span<byte> head = stackalloc byte[4];
        ReadHead(stream, head, name);
        if (head is not [0, 0, _, _] || !Enum.IsDefined((IdxType)head[2]))
        {
            throw new InvalidFileException(name, $"An IDX file must open with 00 00, a type (08, 09, 0B to 0E) and the number of its dimensions. Received: {Convert.ToHexString(head)}: the file is damaged or of another format.");
        }
        IdxType type = (IdxType)head[2];
        Span<byte> sizes = stackalloc byte[4 * byte.MaxValue];
        sizes = sizes[..(4 * head[3])];
        ReadHead(stream, sizes, name);
        int[] shape = new int[head[3]];
        Int128 declared = ByteSize(type);
        for (int i = 0; i < shape.Length; i++)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(sizes[(4 * i)..]);
            declared *= size;
            if (size > int.MaxValue || declared > Array.MaxLength)
            {
                throw new InvalidFileException(name, $"An IDX file must declare at most {Array.MaxLength} bytes. Received: sizes {Convert.ToHexString(sizes)} of {type} elements: the file is damaged or too large.");
            }
            shape[i] = (int)size;
        }
        return new IdxFile(name, type, ImmutableCollectionsMarshal.AsImmutableArray(shape), (long)declared, ReadElements(stream, (int)declared, name));
    }

    static List<byte[]> ReadElements(Stream stream, int declared, string name)
    {
        List<byte[]> pieces = [];
        int read = 0;
        while (read < declared)
        {
            byte[] piece = new byte[Math.Min(Math.Clamp(read, FirstPiece, LongestPiece), declared - read)];
            int got = stream.ReadAtLeast(piece, piece.Length, throwOnEndOfStream: false);
            read += got;
            if (got < piece.Length)
            {
                throw new InvalidFileException(name, $"An IDX file must hold the {declared} bytes of elements that it declares. Received: {read}: the file was cut off.");
            }
            pieces.Add(piece);
        }
        // Reading on also makes gzip compare its last checksum.
        if (stream.ReadByte() >= 0)
        {
            throw new InvalidFileException(name, $"An IDX file must end after the {declared} bytes of elements that it declares. It goes on: the file is damaged.");
        }
        return pieces;
    }

    static void ReadHead(Stream stream, Span<byte> destination, string name)
    {
        if (stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false) < destination.Length)
        {
            throw new InvalidFileException(name, "An IDX file must hold its type and sizes. It ends before: the file was cut off or is of another format.");
        }
    }

    void Reverse(Span<byte> bytes)
    {
        switch (ByteSize(Type))
        {
            case 2:
                Span<short> shorts = MemoryMarshal.Cast<byte, short>(bytes);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                Span<int> ints = MemoryMarshal.Cast<byte, int>(bytes);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                Span<long> longs = MemoryMarshal.Cast<byte, long>(bytes);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
            default:
                break;
        }
    }
}
