using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Anneal.Torch.Serialization;

/// <summary>Writes safetensors files, byte for byte as the reference implementation lays them out.</summary>
/// <remarks>
/// <para>Tensors are ordered by type, largest first, then by name, and the header is padded with spaces to a multiple of eight
/// bytes: every tensor begins at a multiple of its element's size.</para>
/// <para>Hashes are entries of the metadata, so that other programs read the file as any other: <c>sha256:NAME</c> covers a
/// tensor with its name, type and shape; <c>sha256</c> covers all other metadata.</para>
/// </remarks>
public static class SafetensorsWriter
{
    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes a whole file.</summary>
    /// <param name="destination">Written from its present position, front to back; need not be seekable.</param>
    /// <param name="tensors">In any order, each name once.</param>
    /// <param name="metadata">Texts by name, such as <c>format</c>: <c>pt</c> for PyTorch. Keys that begin with <c>sha256</c> are for hashes.</param>
    /// <param name="hashes">Whether to add a hash for each tensor, which <see cref="SafetensorsFile.Read"/> verifies. Costs one more pass over the tensors.</param>
    public static void Write(Stream destination, IEnumerable<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null, bool hashes = true)
    {
        SafetensorsTensor[] ordered = [.. tensors.OrderByDescending(tensor => tensor.Type).ThenBy(tensor => tensor.Name, StringComparer.Ordinal)];
        SortedDictionary<string, string> texts = metadata is null ? new(StringComparer.Ordinal) : new(metadata.ToDictionary(), StringComparer.Ordinal);
        CheckNames(ordered, texts);
        if (hashes)
        {
            foreach (SafetensorsTensor tensor in ordered)
            {
                using IncrementalHash hash = SafetensorsHashes.Begin(tensor.Name, tensor.Type, tensor.Shape);
                WriteTensor(tensor, hash.AppendData);
                texts[SafetensorsHashes.KeyOf(tensor.Name)] = SafetensorsHashes.End(hash);
            }
            texts[SafetensorsHashes.MetadataKey] = SafetensorsHashes.OfMetadata(texts);
        }
        WriteHeader(destination, ordered, texts);
        foreach (SafetensorsTensor tensor in ordered)
        {
            WriteTensor(tensor, destination.Write);
        }
    }

    static void CheckNames(SafetensorsTensor[] ordered, SortedDictionary<string, string> texts)
    {
        if (ordered.GroupBy(tensor => tensor.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"A tensor's name must occur once. Received twice: '{twice.Key}'.", nameof(ordered));
        }
        if (texts.Keys.FirstOrDefault(key => key.StartsWith(SafetensorsHashes.MetadataKey, StringComparison.Ordinal)) is string taken)
        {
            throw new ArgumentException($"Metadata keys that begin with \"{SafetensorsHashes.MetadataKey}\" are for hashes. Received: '{taken}'.", nameof(texts));
        }
        if (ordered.Select(tensor => tensor.Name).Concat(texts.Keys).Concat(texts.Values).FirstOrDefault(text => !IsUnicode(text)) is string broken)
        {
            throw new ArgumentException($"Names and metadata must be valid Unicode. Received half a surrogate pair in '{broken}'.", nameof(texts));
        }
    }

    static void WriteHeader(Stream destination, SafetensorsTensor[] ordered, SortedDictionary<string, string> texts)
    {
        ArrayBufferWriter<byte> header = new();
        header.Write(stackalloc byte[8]);
        using (Utf8JsonWriter json = new(header, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (texts.Count > 0)
            {
                json.WriteStartObject("__metadata__");
                foreach ((string key, string text) in texts)
                {
                    json.WriteString(key, text);
                }
                json.WriteEndObject();
            }
            long end = 0;
            foreach (SafetensorsTensor tensor in ordered)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type.Text());
                WriteNumbers(json, "shape", tensor.Shape.AsSpan());
                WriteNumbers(json, "data_offsets", [end, end += ByteLength(tensor)]);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        int padding = -header.WrittenCount & 7;
        header.GetSpan(padding)[..padding].Fill((byte)' ');
        header.Advance(padding);
        int length = header.WrittenCount - 8;
        if (length > SafetensorsHeader.LongestHeader || ordered.Length + texts.Count > SafetensorsHeader.MostEntries)
        {
            throw new ArgumentException($"A header must have at most {SafetensorsHeader.LongestHeader} bytes and {SafetensorsHeader.MostEntries} tensors and metadata entries. Received: {length} bytes, {ordered.Length + texts.Count} entries.", nameof(texts));
        }
        byte[] bytes = header.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)length);
        destination.Write(bytes);
    }

    static void WriteNumbers(Utf8JsonWriter json, string name, ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
        {
            json.WriteNumberValue(number);
        }
        json.WriteEndArray();
    }

    static void WriteTensor(SafetensorsTensor tensor, WriteSpan write)
    {
        using CountedStream stream = new(write);
        tensor.WriteTo(stream);
        if (stream.Length != ByteLength(tensor))
        {
            throw new ArgumentException($"A tensor must write its elements times their size. Received: {stream.Length} bytes for '{tensor.Name}', {tensor.Type.Text()} of shape [{string.Join(", ", tensor.Shape)}].", nameof(tensor));
        }
    }

    static long ByteLength(SafetensorsTensor tensor) => SafetensorsTypes.ByteSize(tensor.Type, tensor.Shape.AsSpan())
        ?? throw new ArgumentException($"A tensor's bytes must be countable in 64 bits. Received: '{tensor.Name}' of shape [{string.Join(", ", tensor.Shape)}].", nameof(tensor));

    static bool IsUnicode(string text)
    {
        try
        {
            StrictUtf8.GetByteCount(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    delegate void WriteSpan(ReadOnlySpan<byte> bytes);

    sealed class CountedStream(WriteSpan write) : WriteOnlyStream
    {
        long length;

        public override long Length => length;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            write(buffer);
            length += buffer.Length;
        }
    }
}
