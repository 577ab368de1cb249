using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Anneal.Torch.Serialization;

/// <summary>The JSON at the head of a safetensors file, read with nothing taken on trust.</summary>
/// <remarks>
/// <para>A header is written by a stranger. It is read token by token, without a document in memory, and everything is
/// compared with the file's real length before it is believed.</para>
/// <para>Memory: besides the header's own bytes, a text costs at most three times its JSON (two bytes a character, and one a
/// byte where escapes are undone). Only many tiny entries could cost more, so their number is limited.</para>
/// </remarks>
sealed class SafetensorsHeader
{
    public const int LongestHeader = 100_000_000;
    public const int MostEntries = 65_536;
    public const int MostDimensions = 64;

    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    readonly string file;

    SafetensorsHeader(string file) => this.file = file;

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, SafetensorsEntry> Entries { get; } = new(StringComparer.Ordinal);

    /// <param name="file">The file's name, for errors.</param>
    /// <param name="json">The header without its length.</param>
    /// <param name="dataLength">Bytes in the file after the header.</param>
    public static SafetensorsHeader Parse(string file, ReadOnlySpan<byte> json, long dataLength)
    {
        if (json is not [(byte)'{', ..])
        {
            throw new InvalidFileException(file, "A safetensors header must open with '{'. It does not: the file is damaged or of another format.");
        }
        SafetensorsHeader header = new(file);
        try
        {
            header.Read(json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            // The reader reports text that is no Unicode (half a surrogate pair) as an invalid operation.
            throw new InvalidFileException(file, $"A safetensors header must be valid JSON. {e.Message}", e);
        }
        header.CheckOffsets(dataLength);
        return header;
    }

    public static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "...";

    void Read(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = 3 });
        reader.Read();
        bool metadataSeen = false;
        while (NextName(ref reader) is string name)
        {
            Expect(ref reader, JsonTokenType.StartObject, name);
            if (name != "__metadata__")
            {
                Count();
                if (!Entries.TryAdd(name, ReadEntry(ref reader, name)))
                {
                    throw Duplicate(name);
                }
            }
            else if (metadataSeen)
            {
                throw Duplicate(name);
            }
            else
            {
                metadataSeen = true;
                ReadMetadata(ref reader);
            }
        }
        // What follows the object may be white space only; the reader throws at anything else.
        reader.Read();
    }

    void ReadMetadata(ref Utf8JsonReader reader)
    {
        while (NextName(ref reader) is string key)
        {
            Count();
            Expect(ref reader, JsonTokenType.String, key);
            if (!Metadata.TryAdd(key, Text(ref reader)))
            {
                throw Duplicate(key);
            }
        }
    }

    SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        if (name == "")
        {
            throw new InvalidFileException(file, "A tensor's name must not be empty. Received: \"\".");
        }
        SafetensorsType? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        // Compared in place: a text for each key of each tensor would be most of what a header costs.
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("dtype"u8) && type is null)
            {
                type = Type(ref reader, name);
            }
            else if (reader.ValueTextEquals("shape"u8) && shape is null)
            {
                shape = Numbers(ref reader, name);
            }
            else if (reader.ValueTextEquals("data_offsets"u8) && offsets is null)
            {
                offsets = Numbers(ref reader, name);
            }
            else
            {
                throw new InvalidFileException(file, $"A tensor has a dtype, a shape and data_offsets, each once, and nothing else. Received: \"{Shorten(Text(ref reader))}\" for '{Shorten(name)}'.");
            }
        }
        if (type is not SafetensorsType known || shape is null || offsets is not [long begin, long end])
        {
            throw new InvalidFileException(file, $"A tensor must have a dtype, a shape and two data_offsets. '{Shorten(name)}' does not.");
        }
        long? bytes = SafetensorsTypes.ByteSize(known, shape);
        if (bytes is null || end - begin != bytes)
        {
            throw new InvalidFileException(file, $"A tensor's offsets must span its elements times their size. Received: {begin} to {end} for '{Shorten(name)}', {known.Text()} of shape [{string.Join(", ", shape)}].");
        }
        return new SafetensorsEntry { Name = name, Type = known, Shape = ImmutableCollectionsMarshal.AsImmutableArray(shape), Begin = begin, End = end };
    }

    void CheckOffsets(long dataLength)
    {
        SafetensorsEntry[] ordered = [.. Entries.Values];
        Array.Sort(ordered, (left, right) => left.Begin != right.Begin ? left.Begin.CompareTo(right.Begin) : left.End.CompareTo(right.End));
        long end = 0;
        foreach (SafetensorsEntry entry in ordered)
        {
            if (entry.Begin != end)
            {
                throw new InvalidFileException(file, $"Tensors must follow one another without hole or overlap. Received: '{Shorten(entry.Name)}' begins at {entry.Begin}, the one before it ends at {end}.");
            }
            end = entry.End;
        }
        if (end != dataLength)
        {
            throw new InvalidFileException(file, $"The tensors must end where the file ends. Received: {end} bytes of tensors and {dataLength} bytes after the header: the file was cut off or something was added.");
        }
    }

    SafetensorsType Type(ref Utf8JsonReader reader, string name)
    {
        Expect(ref reader, JsonTokenType.String, name);
        for (int i = 0; i < SafetensorsTypes.All.Count; i++)
        {
            if (reader.ValueTextEquals(SafetensorsTypes.All[i].Text()))
            {
                return SafetensorsTypes.All[i];
            }
        }
        string known = string.Join(", ", SafetensorsTypes.All.Select(SafetensorsTypes.Text));
        throw new InvalidFileException(file, $"The dtype of a tensor must be one of {known}. Received: \"{Shorten(Text(ref reader))}\" for '{Shorten(name)}'.");
    }

    long[] Numbers(ref Utf8JsonReader reader, string name)
    {
        Expect(ref reader, JsonTokenType.StartArray, name);
        Span<long> numbers = stackalloc long[MostDimensions];
        int count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (count == MostDimensions)
            {
                throw new InvalidFileException(file, $"A tensor must have at most {MostDimensions} dimensions. '{Shorten(name)}' has more.");
            }
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
            {
                throw new InvalidFileException(file, $"Shapes and offsets must be whole numbers from 0 to {long.MaxValue}. Received something else for '{Shorten(name)}'.");
            }
            numbers[count++] = number;
        }
        return count == 0 ? [] : numbers[..count].ToArray();
    }

    void Count()
    {
        if (Entries.Count + Metadata.Count >= MostEntries)
        {
            throw new InvalidFileException(file, $"A header must have at most {MostEntries} tensors and metadata entries together. This one has more.");
        }
    }

    void Expect(ref Utf8JsonReader reader, JsonTokenType expected, string name)
    {
        if (!reader.Read() || reader.TokenType != expected)
        {
            throw new InvalidFileException(file, $"A header holds an object of texts, \"__metadata__\", and an object for each tensor. Received: {reader.TokenType} in '{Shorten(name)}', where {expected} belongs.");
        }
    }

    InvalidFileException Duplicate(string key) => new(file, $"A key must occur once in its object. Received twice: '{Shorten(key)}'.");

    static string? NextName(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName ? Text(ref reader) : null;

    static string Text(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return StrictUtf8.GetString(reader.ValueSpan);
        }
        Span<byte> bytes = reader.ValueSpan.Length <= 256 ? stackalloc byte[256] : new byte[reader.ValueSpan.Length];
        return StrictUtf8.GetString(bytes[..reader.CopyString(bytes)]);
    }
}
