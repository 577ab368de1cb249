namespace Anneal.Torch;

/// <summary>The type of a tensor's elements; the numbers are libtorch's.</summary>
public enum DType
{
    /// <summary>Unsigned integers of 8 bits.</summary>
    UInt8 = 0,

    /// <summary>Integers of 8 bits.</summary>
    Int8 = 1,

    /// <summary>Integers of 16 bits.</summary>
    Int16 = 2,

    /// <summary>Integers of 32 bits.</summary>
    Int32 = 3,

    /// <summary>Integers of 64 bits.</summary>
    Int64 = 4,

    /// <summary>IEEE half precision, 16 bits.</summary>
    Float16 = 5,

    /// <summary>IEEE single precision, 32 bits.</summary>
    Float32 = 6,

    /// <summary>IEEE double precision, 64 bits.</summary>
    Float64 = 7,

    /// <summary>Truth values, 8 bits.</summary>
    Boolean = 11,

    /// <summary>The upper half of single precision, 16 bits.</summary>
    BFloat16 = 15,
}
