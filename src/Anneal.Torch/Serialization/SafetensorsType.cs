namespace Anneal.Torch.Serialization;

/// <summary>What one element of a stored tensor is. In the order of the reference implementation, which sorts by it.</summary>
public enum SafetensorsType
{
    /// <summary><c>BOOL</c>, one byte, 0 or 1.</summary>
    Bool,

    /// <summary><c>U8</c>, one byte, unsigned.</summary>
    U8,

    /// <summary><c>I8</c>, one byte, signed.</summary>
    I8,

    /// <summary><c>I16</c>, two bytes, signed.</summary>
    I16,

    /// <summary><c>F16</c>, IEEE half precision.</summary>
    F16,

    /// <summary><c>BF16</c>, the upper half of an IEEE single.</summary>
    BF16,

    /// <summary><c>I32</c>, four bytes, signed.</summary>
    I32,

    /// <summary><c>F32</c>, IEEE single precision.</summary>
    F32,

    /// <summary><c>F64</c>, IEEE double precision.</summary>
    F64,

    /// <summary><c>I64</c>, eight bytes, signed.</summary>
    I64,
}
