using System.Globalization;

namespace Anneal.Torch;

/// <summary>Where a tensor's memory is: <c>cpu</c>, or <c>cuda:0</c> and on.</summary>
public readonly record struct Device
{
    // libtorch numbers devices in 8 bits with a sign.
    const int LastIndex = sbyte.MaxValue;

    // One more than the index, so that the default value is the CPU.
    readonly int place;

    Device(int type, int index)
    {
        TypeNumber = type;
        place = index + 1;
    }

    /// <summary>The processor's memory.</summary>
    public static Device Cpu { get; } = new(0, -1);

    /// <summary>The CUDA device of this index, from 0 to 127.</summary>
    public static Device Cuda(int index = 0) =>
        index is >= 0 and <= LastIndex
            ? new(1, index)
            : throw new ArgumentOutOfRangeException(nameof(index), index, $"A CUDA device's index must be from 0 to {LastIndex}.");

    /// <summary>Whether it is a CUDA device.</summary>
    public bool IsCuda => TypeNumber == 1;

    /// <summary>The device's index; -1 for the CPU.</summary>
    public int Index => place - 1;

    internal int TypeNumber { get; }

    internal static Device FromNumbers(int type, int index) => type switch
    {
        0 => Cpu,
        1 => Cuda(index),
        _ => throw new TorchException($"A tensor must be on cpu or cuda. Received: device type {type}."),
    };

    /// <summary>The device that a text names: <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    /// <exception cref="FormatException">The text names no device.</exception>
    public static Device Parse(string text) =>
        text == "cpu" ? Cpu
        : text == "cuda" ? Cuda()
        : text.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            && index <= LastIndex ? Cuda(index)
        : throw new FormatException($"A device is cpu, cuda or cuda:N. Received: {text}.");

    /// <inheritdoc/>
    public override string ToString() => IsCuda ? $"cuda:{Index}" : "cpu";
}
