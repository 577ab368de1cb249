namespace Anneal.Torch.Serialization;

/// <summary>What one element of a stored tensor is. In the order of the reference implementation, which sorts by it.</summary>
public enum SafetensorsType
{
    /// <summary><c>BOOL</c>, one byte, 0 or 1.</summary>
    Bool,

    /// <summary><c>F4</c>, a sign, 2 bits of exponent and 1 of mantissa; two elements a byte.</summary>
    F4,

    /// <summary><c>F6_E2M3</c>, a sign, 2 bits of exponent and 3 of mantissa; four elements in three bytes.</summary>
    F6E2M3,

    /// <summary><c>F6_E3M2</c>, a sign, 3 bits of exponent and 2 of mantissa; four elements in three bytes.</summary>
    F6E3M2,

    /// <summary><c>U8</c>, one byte, unsigned.</summary>
    U8,

    /// <summary><c>I8</c>, one byte, signed.</summary>
    I8,

    /// <summary><c>F8_E5M2</c>, the upper half of an IEEE half.</summary>
    F8E5M2,

    /// <summary><c>F8_E4M3</c>, a sign, 4 bits of exponent and 3 of mantissa, without infinities.</summary>
    F8E4M3,

    /// <summary><c>F8_E8M0</c>, a power of two: 8 bits of exponent.</summary>
    F8E8M0,

    /// <summary><c>I16</c>, two bytes, signed.</summary>
    I16,

    /// <summary><c>U16</c>, two bytes, unsigned.</summary>
    U16,

    /// <summary><c>F16</c>, IEEE half precision.</summary>
    F16,

    /// <summary><c>BF16</c>, the upper half of an IEEE single.</summary>
    BF16,

    /// <summary><c>I32</c>, four bytes, signed.</summary>
    I32,

    /// <summary><c>U32</c>, four bytes, unsigned.</summary>
    U32,

    /// <summary><c>F32</c>, IEEE single precision.</summary>
    F32,

    /// <summary><c>C64</c>, a complex number of two IEEE singles.</summary>
    C64,

    /// <summary><c>F64</c>, IEEE double precision.</summary>
    F64,

    /// <summary><c>I64</c>, eight bytes, signed.</summary>
    I64,

    /// <summary><c>U64</c>, eight bytes, unsigned.</summary>
    U64,
}
