using System.Diagnostics;

namespace Anneal.Torch.Serialization;

/// <summary>The names and sizes of the element types.</summary>
static class SafetensorsTypes
{
    public static IReadOnlyList<SafetensorsType> All { get; } = Enum.GetValues<SafetensorsType>();

    public static string Text(this SafetensorsType type) => type switch
    {
        SafetensorsType.Bool => "BOOL",
        SafetensorsType.U8 => "U8",
        SafetensorsType.I8 => "I8",
        SafetensorsType.I16 => "I16",
        SafetensorsType.F16 => "F16",
        SafetensorsType.BF16 => "BF16",
        SafetensorsType.I32 => "I32",
        SafetensorsType.F32 => "F32",
        SafetensorsType.F64 => "F64",
        SafetensorsType.I64 => "I64",
        _ => throw new UnreachableException(),
    };

    public static int ByteSize(this SafetensorsType type) => type switch
    {
        SafetensorsType.Bool or SafetensorsType.U8 or SafetensorsType.I8 => 1,
        SafetensorsType.I16 or SafetensorsType.F16 or SafetensorsType.BF16 => 2,
        SafetensorsType.I32 or SafetensorsType.F32 => 4,
        SafetensorsType.F64 or SafetensorsType.I64 => 8,
        _ => throw new UnreachableException(),
    };

    /// <summary>Bytes of a tensor, or null where no 64-bit number holds the product.</summary>
    public static long? ByteSize(SafetensorsType type, ReadOnlySpan<long> shape)
    {
        long bytes = type.ByteSize();
        foreach (long size in shape)
        {
            Int128 product = (Int128)bytes * size;
            if (product > long.MaxValue)
            {
                return null;
            }
            bytes = (long)product;
        }
        return bytes;
    }
}
