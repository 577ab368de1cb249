using System.Runtime.InteropServices;

namespace Anneal.Torch.Serialization;

/// <summary>Makes tensors of what a safetensors file holds, also of types that libtorch 1.13 has not.</summary>
static class StoredElements
{
    internal static Tensor Read(string path, SafetensorsFile file, SafetensorsEntry entry)
    {
        if (entry.Type is SafetensorsType.C64 or SafetensorsType.F4 or SafetensorsType.F6E2M3 or SafetensorsType.F6E3M2)
        {
            throw new InvalidFileException(
                path, $"A tensor here cannot be of type {entry.Type.Text()}. Received: '{SafetensorsHeader.Shorten(entry.Name)}', which is. Read the others by their names.");
        }
        byte[] bytes = new byte[entry.ByteLength];
        file.Read(entry, bytes);
        // What libtorch does with any other byte as a truth value is undefined.
        if (entry.Type == SafetensorsType.Bool && bytes.AsSpan().ContainsAnyExceptInRange<byte>(0, 1))
        {
            throw new InvalidFileException(path, $"A truth value must be 0 or 1. Received another byte in '{entry.Name}'.");
        }
        ReadOnlySpan<long> shape = entry.Shape.AsSpan();
        return entry.Type switch
        {
            SafetensorsType.U16 => Made<int>(Array.ConvertAll(Cast<ushort>(bytes), value => (int)value), shape),
            SafetensorsType.U32 => Made<long>(Array.ConvertAll(Cast<uint>(bytes), value => (long)value), shape),
            SafetensorsType.U64 => Made<long>(Array.ConvertAll(Cast<ulong>(bytes), value => value <= long.MaxValue
                ? (long)value
                : throw new InvalidFileException(path, $"A whole number of a tensor here is at most {long.MaxValue}. Received: {value} in '{entry.Name}'.")), shape),
            SafetensorsType.F8E5M2 => Made<float>(Array.ConvertAll(bytes, E5M2), shape),
            SafetensorsType.F8E4M3 => Made<float>(Array.ConvertAll(bytes, E4M3), shape),
            SafetensorsType.F8E8M0 => Made<float>(Array.ConvertAll(bytes, E8M0), shape),
            _ => Tensor.FromBytes(bytes, TypeOf(entry.Type), shape),
        };
    }

    // Micikevicius et al., "FP8 formats for deep learning", 2022, table 1.
    internal static float E5M2(byte bits) => (float)BitConverter.UInt16BitsToHalf((ushort)(bits << 8));

    internal static float E4M3(byte bits)
    {
        int exponent = (bits >> 3) & 15, mantissa = bits & 7;
        float size = (exponent, mantissa) switch
        {
            (15, 7) => float.NaN,
            (0, _) => MathF.ScaleB(mantissa, -9),
            _ => MathF.ScaleB(8 + mantissa, exponent - 10),
        };
        return bits >= 128 ? -size : size;
    }

    internal static float E8M0(byte bits) => bits == 255 ? float.NaN : MathF.ScaleB(1, bits - 127);

    static T[] Cast<T>(byte[] bytes) where T : unmanaged => MemoryMarshal.Cast<byte, T>(bytes).ToArray();

    static Tensor Made<T>(T[] values, ReadOnlySpan<long> shape) where T : unmanaged =>
        Tensor.FromBytes(MemoryMarshal.AsBytes(values.AsSpan()), DTypes.Of<T>(), shape);

    static DType TypeOf(SafetensorsType type) => type switch
    {
        SafetensorsType.F64 => DType.Float64,
        SafetensorsType.F32 => DType.Float32,
        SafetensorsType.F16 => DType.Float16,
        SafetensorsType.BF16 => DType.BFloat16,
        SafetensorsType.I64 => DType.Int64,
        SafetensorsType.I32 => DType.Int32,
        SafetensorsType.I16 => DType.Int16,
        SafetensorsType.I8 => DType.Int8,
        SafetensorsType.U8 => DType.UInt8,
        SafetensorsType.Bool => DType.Boolean,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not an element type of this library."),
    };
}
