using System.Collections.Immutable;

namespace Anneal.Torch.Serialization;

/// <summary>A tensor to be written to a safetensors file.</summary>
public sealed record SafetensorsTensor
{
    /// <summary>The tensor's name; not empty, and not <c>__metadata__</c>.</summary>
    public required string Name
    {
        get;
        init => field = value is "" or "__metadata__"
            ? throw new ArgumentException($"A tensor's name must not be empty and not \"__metadata__\". Received: \"{value}\".")
            : value;
    }

    /// <summary>What one element is.</summary>
    public required SafetensorsType Type { get; init; }

    /// <summary>Elements along each dimension, 0 or more; empty for a single number.</summary>
    public required ImmutableArray<long> Shape
    {
        get;
        init => field = value.Any(size => size < 0)
            ? throw new ArgumentException($"A tensor's sizes must not be negative. Received: [{string.Join(", ", value)}].")
            : value;
    }

    /// <summary>
    /// Writes the elements: row by row, little-endian, as many bytes as <see cref="Type"/> and <see cref="Shape"/> say.
    /// Called twice, with the same result, where hashes are written.
    /// </summary>
    public required Action<Stream> WriteTo { get; init; }

    /// <summary>A tensor whose bytes are in memory.</summary>
    public static SafetensorsTensor Of(string name, SafetensorsType type, ReadOnlySpan<long> shape, ReadOnlyMemory<byte> bytes) => new()
    {
        Name = name,
        Type = type,
        Shape = [.. shape],
        WriteTo = stream => stream.Write(bytes.Span),
    };
}
