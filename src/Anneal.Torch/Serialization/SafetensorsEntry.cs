using System.Collections.Immutable;

namespace Anneal.Torch.Serialization;

/// <summary>Where a safetensors file holds a tensor, and what it is.</summary>
public sealed record SafetensorsEntry
{
    internal SafetensorsEntry()
    {
    }

    /// <summary>The tensor's name; never empty.</summary>
    public required string Name { get; init; }

    /// <summary>What one element is.</summary>
    public required SafetensorsType Type { get; init; }

    /// <summary>Elements along each dimension; empty for a single number.</summary>
    public required ImmutableArray<long> Shape { get; init; }

    /// <summary>First byte, counted from the end of the header.</summary>
    public required long Begin { get; init; }

    /// <summary>The byte after the last, counted from the end of the header.</summary>
    public required long End { get; init; }

    /// <summary>Bytes that the tensor takes: elements times the size of one.</summary>
    public long ByteLength => End - Begin;
}
