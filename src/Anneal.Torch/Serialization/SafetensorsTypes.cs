using System.Diagnostics;

namespace Anneal.Torch.Serialization;

/// <summary>The names and sizes of the element types.</summary>
static class SafetensorsTypes
{
    public static IReadOnlyList<SafetensorsType> All { get; } = Enum.GetValues<SafetensorsType>();

    public static string Text(this SafetensorsType type) => type switch
    {
        SafetensorsType.Bool => "BOOL",
        SafetensorsType.F4 => "F4",
        SafetensorsType.F6E2M3 => "F6_E2M3",
        SafetensorsType.F6E3M2 => "F6_E3M2",
        SafetensorsType.U8 => "U8",
        SafetensorsType.I8 => "I8",
        SafetensorsType.F8E5M2 => "F8_E5M2",
        SafetensorsType.F8E4M3 => "F8_E4M3",
        SafetensorsType.F8E8M0 => "F8_E8M0",
        SafetensorsType.I16 => "I16",
        SafetensorsType.U16 => "U16",
        SafetensorsType.F16 => "F16",
        SafetensorsType.BF16 => "BF16",
        SafetensorsType.I32 => "I32",
        SafetensorsType.U32 => "U32",
        SafetensorsType.F32 => "F32",
        SafetensorsType.C64 => "C64",
        SafetensorsType.F64 => "F64",
        SafetensorsType.I64 => "I64",
        SafetensorsType.U64 => "U64",
        _ => throw new UnreachableException(),
    };

    public static int BitSize(this SafetensorsType type) => type switch
    {
        SafetensorsType.F4 => 4,
        SafetensorsType.F6E2M3 or SafetensorsType.F6E3M2 => 6,
        SafetensorsType.Bool or SafetensorsType.U8 or SafetensorsType.I8 => 8,
        SafetensorsType.F8E5M2 or SafetensorsType.F8E4M3 or SafetensorsType.F8E8M0 => 8,
        SafetensorsType.I16 or SafetensorsType.U16 or SafetensorsType.F16 or SafetensorsType.BF16 => 16,
        SafetensorsType.I32 or SafetensorsType.U32 or SafetensorsType.F32 => 32,
        SafetensorsType.C64 or SafetensorsType.F64 or SafetensorsType.I64 or SafetensorsType.U64 => 64,
        _ => throw new UnreachableException(),
    };

    /// <summary>Bytes of a tensor, or null where no 64-bit number holds the product, or where it is no whole number of bytes.</summary>
    public static long? ByteSize(SafetensorsType type, ReadOnlySpan<long> shape)
    {
        Int128 bits = type.BitSize();
        foreach (long size in shape)
        {
            bits *= size;
            if (bits > (Int128)long.MaxValue * 8)
            {
                return null;
            }
        }
        return bits % 8 == 0 ? (long)(bits / 8) : null;
    }
}
