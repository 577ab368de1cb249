using Anneal.Torch.Interop;

namespace Anneal.Torch;

/// <summary>What random operators (dropout, normal draws) take their numbers from: one of one's own, or the default one that a device has.</summary>
/// <remarks>
/// Operators draw from the generator that is in <see cref="Use">use</see> on their thread and device, if they are among those
/// that libtorch lets choose; without one, and where they are not, from the device's default one.
/// </remarks>
public sealed class Generator : IDisposable
{
    readonly GeneratorHandle handle;
    readonly Device device;

    /// <summary>A generator of a device's kind, started from a seed. It draws what the device's default one would draw from the same seed.</summary>
    public Generator(Device device, ulong seed)
    {
        this.device = device;
        Native.GeneratorCreate(device.TypeNumber, device.Index, seed, out nint created);
        handle = new GeneratorHandle(created);
    }

    /// <summary>Starts it anew from a seed.</summary>
    public void Seed(ulong seed)
    {
        Native.GeneratorSeed(handle.Pointer, seed);
        GC.KeepAlive(this);
    }

    /// <summary>Its whole state as bytes, to be given back by <see cref="SetState(ReadOnlySpan{byte})"/>.</summary>
    public byte[] GetState()
    {
        Native.GeneratorState(handle.Pointer, out nint pointer);
        GC.KeepAlive(this);
        using Tensor state = new(pointer);
        return state.ToArray<byte>();
    }

    /// <summary>Puts it into a state that it, or another of its kind, had before.</summary>
    /// <exception cref="TorchException">The bytes are not a state of this kind of generator.</exception>
    public void SetState(ReadOnlySpan<byte> bytes)
    {
        using Tensor state = Tensor.From(bytes);
        Native.GeneratorSetState(handle.Pointer, state.Pointer);
        GC.KeepAlive(this);
        GC.KeepAlive(state);
    }

    /// <summary>Lets the operators called on this thread draw from it until the result is disposed, on the same thread. It must not be disposed before.</summary>
    public Leave Use() => new(this);

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();

    /// <summary>Starts a device's default generator anew from a seed.</summary>
    public static void Seed(Device device, ulong seed) => Native.RandomSeed(device.TypeNumber, device.Index, seed);

    /// <summary>The whole state of a device's default generator as bytes, to be given back by <see cref="SetState(Device, ReadOnlySpan{byte})"/>.</summary>
    public static byte[] GetState(Device device)
    {
        Native.RandomState(device.TypeNumber, device.Index, out nint pointer);
        using Tensor state = new(pointer);
        return state.ToArray<byte>();
    }

    /// <summary>Puts a device's default generator into a state it had before.</summary>
    /// <exception cref="TorchException">The bytes are not a state of this kind of generator.</exception>
    public static void SetState(Device device, ReadOnlySpan<byte> bytes)
    {
        using Tensor state = Tensor.From(bytes);
        Native.RandomSetState(device.TypeNumber, device.Index, state.Pointer);
        GC.KeepAlive(state);
    }

    /// <summary>Puts back what was in use before.</summary>
    public readonly ref struct Leave
    {
        readonly Generator generator;
        readonly nint before;

        internal Leave(Generator generator)
        {
            this.generator = generator;
            Native.GeneratorUse(generator.device.TypeNumber, generator.handle.Pointer, out before);
        }

        /// <summary>Puts it back.</summary>
        public void Dispose()
        {
            Native.GeneratorUse(generator.device.TypeNumber, before, out _);
            GC.KeepAlive(generator);
        }
    }
}
