using System.Globalization;

namespace Anneal.Torch;

/// <summary>One argument of an operator call: a tensor, a number, a list of either, a text, a type, a device, or nothing.</summary>
public readonly struct Argument
{
    internal readonly ArgumentTag Tag;
    internal readonly long Bits;
    internal readonly object? Reference;

    Argument(ArgumentTag tag, long bits, object? reference = null)
    {
        Tag = tag;
        Bits = bits;
        Reference = reference;
    }

    /// <summary>No value: an optional argument left out.</summary>
    public static Argument None => default;

    /// <summary>A tensor; null is an optional tensor left out.</summary>
    public static implicit operator Argument(Tensor? tensor) => tensor is null ? default : new(ArgumentTag.Tensor, 0, tensor);

    /// <summary>An integer.</summary>
    public static implicit operator Argument(long value) => new(ArgumentTag.Integer, value);

    /// <summary>An integer.</summary>
    public static implicit operator Argument(int value) => new(ArgumentTag.Integer, value);

    /// <summary>A real number.</summary>
    public static implicit operator Argument(double value) => new(ArgumentTag.Real, BitConverter.DoubleToInt64Bits(value));

    /// <summary>A truth value.</summary>
    public static implicit operator Argument(bool value) => new(ArgumentTag.Boolean, value ? 1 : 0);

    /// <summary>A list of integers, such as a shape.</summary>
    public static implicit operator Argument(long[]? values) => values is null ? default : new(ArgumentTag.Integers, 0, values);

    /// <summary>A list of truth values.</summary>
    public static implicit operator Argument(bool[]? values) => values is null ? default : Array.ConvertAll(values, value => value ? 1L : 0);

    /// <summary>A list of real numbers.</summary>
    public static implicit operator Argument(double[]? values) => values is null ? default : new(ArgumentTag.Reals, 0, values);

    /// <summary>A list of tensors; null entries are tensors left out.</summary>
    public static implicit operator Argument(Tensor?[]? tensors) => tensors is null ? default : new(ArgumentTag.Tensors, 0, tensors);

    /// <summary>A held list of tensors.</summary>
    public static implicit operator Argument(TensorList tensors) => new(ArgumentTag.HeldList, 0, tensors);

    /// <summary>A text.</summary>
    public static implicit operator Argument(string? text) => text is null ? default : new(ArgumentTag.String, 0, text);

    /// <summary>An element type.</summary>
    public static implicit operator Argument(DType type) => new(ArgumentTag.Integer, (long)type);

    /// <summary>A memory format.</summary>
    public static implicit operator Argument(MemoryFormat format) => new(ArgumentTag.Integer, (long)format);

    /// <summary>A device.</summary>
    public static implicit operator Argument(Device device) => new(ArgumentTag.Device, (device.TypeNumber * 256) + device.Index + 1);

    /// <summary>The argument as an error message shows it.</summary>
    public override string ToString() => Tag switch
    {
        ArgumentTag.None => "none",
        ArgumentTag.Device => Device.FromNumbers((int)(Bits / 256), (int)(Bits % 256) - 1).ToString(),
        ArgumentTag.Real => BitConverter.Int64BitsToDouble(Bits).ToString("R", CultureInfo.InvariantCulture),
        ArgumentTag.Boolean => Bits != 0 ? "true" : "false",
        ArgumentTag.Integers => $"[{string.Join(", ", (long[])Reference!)}]",
        ArgumentTag.Reals => $"[{string.Join(", ", ((double[])Reference!).Select(number => number.ToString("R", CultureInfo.InvariantCulture)))}]",
        ArgumentTag.Tensors => $"[{string.Join(", ", ((Tensor?[])Reference!).Take(4).Select(t => t?.ToString() ?? "none"))}{(((Tensor?[])Reference!).Length > 4 ? ", ..." : "")}]",
        ArgumentTag.Tensor or ArgumentTag.String or ArgumentTag.HeldList => Reference!.ToString()!,
        _ => Bits.ToString(CultureInfo.InvariantCulture),
    };
}

/// <summary>The kinds of argument; the numbers are those of the native header.</summary>
enum ArgumentTag
{
    None = 0,
    Tensor = 1,
    Integer = 2,
    Real = 3,
    Boolean = 4,
    Integers = 5,
    Reals = 6,
    Tensors = 7,
    String = 8,
    Device = 9,
    HeldList = 10,
}
