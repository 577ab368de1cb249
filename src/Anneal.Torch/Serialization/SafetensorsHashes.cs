using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Anneal.Torch.Serialization;

/// <summary>
/// Hashes by which a safetensors file shows that it is what was written. They are entries of its metadata, so that other
/// programs read the file as any other.
/// </summary>
/// <remarks>
/// <para><c>sha256:NAME</c>, one for each tensor: SHA-256 of the line <c>TYPE [2,3] NAME</c> and the tensor's bytes.</para>
/// <para><c>sha256</c>: SHA-256 of all other metadata, ordered by key, as key, 0, value, 0. It covers the tensors' hashes,
/// and with them all that a file says.</para>
/// <para>Both are lower-case hexadecimal. They find damage; they are no signature.</para>
/// </remarks>
static class SafetensorsHashes
{
    public const string MetadataKey = "sha256";
    public const string TensorPrefix = "sha256:";

    public static bool IsHash(string key) => key == MetadataKey || key.StartsWith(TensorPrefix, StringComparison.Ordinal);

    public static string KeyOf(string tensor) => TensorPrefix + tensor;

    public static IncrementalHash Begin(string name, SafetensorsType type, ImmutableArray<long> shape)
    {
        IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, $"{type.Text()} [{string.Join(',', shape)}] ");
        Append(hash, name);
        Append(hash, "\n");
        return hash;
    }

    public static string End(IncrementalHash hash)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return Convert.ToHexStringLower(digest);
    }

    public static string OfMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string key in metadata.Keys.Where(key => key != MetadataKey).Order(StringComparer.Ordinal))
        {
            Append(hash, key);
            Append(hash, "\0");
            Append(hash, metadata[key]);
            Append(hash, "\0");
        }
        return End(hash);
    }

    /// <summary>Checks what can be checked without reading the tensors.</summary>
    /// <returns>Whether the file has hashes at all.</returns>
    public static bool Check(string file, IReadOnlyDictionary<string, string> metadata, Dictionary<string, SafetensorsEntry> entries)
    {
        int hashes = metadata.Keys.Count(IsHash);
        if (hashes == 0)
        {
            return false;
        }
        if (!metadata.TryGetValue(MetadataKey, out string? written) || written != OfMetadata(metadata))
        {
            throw new InvalidFileException(file, $"The metadata must have the hash that was written with it, under \"{MetadataKey}\". It does not: the file was damaged or changed.");
        }
        // Looked up by the part after the prefix: to build the key of every name would copy all names.
        Dictionary<string, SafetensorsEntry>.AlternateLookup<ReadOnlySpan<char>> byName = entries.GetAlternateLookup<ReadOnlySpan<char>>();
        int matched = metadata.Keys.Count(key => key != MetadataKey && IsHash(key) && byName.ContainsKey(key.AsSpan(TensorPrefix.Length)));
        if (matched != entries.Count || matched != hashes - 1)
        {
            throw new InvalidFileException(file, $"Each tensor must have a hash and each hash a tensor, where there are hashes. Received: {entries.Count} tensors, {hashes - 1} hashes, {matched} that match: the file was damaged or changed.");
        }
        return true;
    }

    static void Append(IncrementalHash hash, string text)
    {
        // Piece by piece: a whole second copy of a large text would break the reader's bound on memory.
        Span<byte> bytes = stackalloc byte[1024];
        Encoder encoder = Encoding.UTF8.GetEncoder();
        ReadOnlySpan<char> rest = text;
        bool completed;
        do
        {
            encoder.Convert(rest, bytes, flush: true, out int used, out int written, out completed);
            hash.AppendData(bytes[..written]);
            rest = rest[used..];
        }
        while (!completed);
    }
}
