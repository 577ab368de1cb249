namespace Anneal.Training.Data.Idx;

/// <summary>What one element of an IDX file is; the value is the format's own code.</summary>
public enum IdxType
{
    /// <summary>One byte, unsigned: pixels and labels.</summary>
    U8 = 0x08,

    /// <summary>One byte, signed.</summary>
    I8 = 0x09,

    /// <summary>Two bytes, signed.</summary>
    I16 = 0x0B,

    /// <summary>Four bytes, signed.</summary>
    I32 = 0x0C,

    /// <summary>IEEE single precision.</summary>
    F32 = 0x0D,

    /// <summary>IEEE double precision.</summary>
    F64 = 0x0E,
}
