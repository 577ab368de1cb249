using Anneal.Torch.Interop;

namespace Anneal.Torch;

/// <summary>The generator that a device's random operators (dropout, normal draws) take their numbers from.</summary>
public static class Generator
{
    /// <summary>Starts a device's generator anew from a seed.</summary>
    public static void Seed(Device device, ulong seed) => Native.RandomSeed(device.TypeNumber, device.Index, seed);

    /// <summary>The generator's whole state as bytes, to be given back by <see cref="SetState"/>.</summary>
    public static byte[] GetState(Device device)
    {
        Native.RandomState(device.TypeNumber, device.Index, out nint pointer);
        using Tensor state = new(pointer);
        return state.ToArray<byte>();
    }

    /// <summary>Puts a generator into a state it had before.</summary>
    /// <exception cref="TorchException">The bytes are not a state of this kind of generator.</exception>
    public static void SetState(Device device, ReadOnlySpan<byte> bytes)
    {
        using Tensor state = Tensor.From(bytes);
        Native.RandomSetState(device.TypeNumber, device.Index, state.Pointer);
        GC.KeepAlive(state);
    }
}
