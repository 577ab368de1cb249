using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Anneal.Torch.Serialization;

/// <summary>
/// A safetensors file opened for reading: its header is read and checked at once, its tensors when they are asked for.
/// </summary>
/// <remarks>
/// <para>Format: eight bytes N, little-endian; N bytes of JSON; the tensors' bytes, one after the other
/// (https://huggingface.co/docs/safetensors, "Format"). Every rule of it is checked before anything is allocated: a file can
/// cost at most four times its length plus 16 MiB.</para>
/// <para>Where the file was written with hashes, opening it verifies the header and reading a tensor verifies the tensor.</para>
/// <para>For one thread at a time.</para>
/// </remarks>
public sealed class SafetensorsFile : IDisposable
{
    const int LengthBytes = 8;

    readonly string source;
    readonly Stream stream;
    readonly long dataBegin;
    readonly SafetensorsHeader header;

    SafetensorsFile(Stream stream, string name)
    {
        source = name;
        this.stream = stream;
        stream.Position = 0;
        long length = stream.Length;
        if (length < LengthBytes)
        {
            throw new InvalidFileException(name, $"A safetensors file opens with {LengthBytes} bytes that hold its header's length. Received: a file of {length} bytes.");
        }
        Span<byte> lengthBytes = stackalloc byte[LengthBytes];
        ReadExactly(lengthBytes);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        if (headerLength > (ulong)Math.Min(SafetensorsHeader.LongestHeader, length - LengthBytes))
        {
            throw new InvalidFileException(name, $"A safetensors header must be at most {SafetensorsHeader.LongestHeader} bytes long and end within the file. Received: a header of {headerLength} bytes in a file of {length}: the file was cut off or is of another format.");
        }
        byte[] json = new byte[headerLength];
        ReadExactly(json);
        dataBegin = LengthBytes + json.Length;
        header = SafetensorsHeader.Parse(name, json, length - dataBegin);
        HasHashes = SafetensorsHashes.Check(name, header.Metadata, header.Entries);
    }

    /// <summary>Texts by name, such as <c>format</c>: <c>pt</c>. Holds the hashes too, under <c>sha256</c> and <c>sha256:NAME</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => header.Metadata;

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries => header.Entries;

    /// <summary>Whether damage to any tensor would be noticed when it is read.</summary>
    public bool HasHashes { get; }

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="InvalidFileException">It breaks a rule of the format.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    public static SafetensorsFile Open(string path) =>
        Open(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0), path);

    /// <summary>Opens a stream from its start and checks the header. The stream is owned: it closes with the file.</summary>
    /// <param name="stream">Readable, with a length and a position.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="InvalidFileException">It breaks a rule of the format.</exception>
    public static SafetensorsFile Open(Stream stream, string name)
    {
        try
        {
            return new SafetensorsFile(stream, name);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The tensor of a name.</summary>
    /// <exception cref="InvalidFileException">There is none.</exception>
    public SafetensorsEntry Entry(string name) => Entries.TryGetValue(name, out SafetensorsEntry? entry)
        ? entry
        : throw new InvalidFileException(source, $"No tensor named '{name}'. The file holds {Entries.Count}: {SafetensorsHeader.Shorten(string.Join(", ", Entries.Keys.Take(20)))}.");

    /// <summary>Reads a tensor's bytes: row by row, little-endian.</summary>
    /// <param name="entry">One of <see cref="Entries"/>.</param>
    /// <param name="destination">Exactly <see cref="SafetensorsEntry.ByteLength"/> bytes. Holds nothing of use after an exception.</param>
    /// <exception cref="InvalidFileException">The tensor is not the one whose hash was written.</exception>
    public void Read(SafetensorsEntry entry, Span<byte> destination)
    {
        if (destination.Length != entry.ByteLength)
        {
            throw new ArgumentException($"The destination must have the tensor's length. Received: {destination.Length} bytes for the {entry.ByteLength} of '{entry.Name}'.", nameof(destination));
        }
        stream.Position = dataBegin + entry.Begin;
        ReadExactly(destination);
        if (HasHashes)
        {
            using IncrementalHash hash = SafetensorsHashes.Begin(entry.Name, entry.Type, entry.Shape);
            hash.AppendData(destination);
            Compare(entry, hash);
        }
    }

    /// <summary>Reads all tensors and compares them with their hashes, in a fixed small amount of memory.</summary>
    /// <exception cref="InvalidFileException">A tensor is not the one whose hash was written, or the file has no hashes.</exception>
    public void Verify()
    {
        if (!HasHashes)
        {
            throw new InvalidFileException(source, "Only a file that was written with hashes can be verified. This one has none.");
        }
        byte[] piece = new byte[1 << 16];
        foreach (SafetensorsEntry entry in Entries.Values)
        {
            using IncrementalHash hash = SafetensorsHashes.Begin(entry.Name, entry.Type, entry.Shape);
            stream.Position = dataBegin + entry.Begin;
            for (long rest = entry.ByteLength; rest > 0;)
            {
                Span<byte> part = piece.AsSpan(0, (int)Math.Min(piece.Length, rest));
                ReadExactly(part);
                hash.AppendData(part);
                rest -= part.Length;
            }
            Compare(entry, hash);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    void Compare(SafetensorsEntry entry, IncrementalHash hash)
    {
        string found = SafetensorsHashes.End(hash);
        string written = Metadata[SafetensorsHashes.KeyOf(entry.Name)];
        if (found != written)
        {
            throw new InvalidFileException(source, $"A tensor must have the hash that was written with it. '{SafetensorsHeader.Shorten(entry.Name)}' has {found[..12]}..., written was {SafetensorsHeader.Shorten(written)[..Math.Min(12, written.Length)]}...: the file was damaged or changed.");
        }
    }

    void ReadExactly(Span<byte> destination)
    {
        try
        {
            stream.ReadExactly(destination);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidFileException(source, "The file must keep its length while it is read. It became shorter.", e);
        }
    }
}
