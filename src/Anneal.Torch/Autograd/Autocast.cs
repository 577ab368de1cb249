using Anneal.Torch.Interop;

namespace Anneal.Torch;

/// <summary>Runs matrix products and convolutions in a lower precision and keeps the rest in single (Micikevicius et al. 2018).</summary>
public static class Autocast
{
    const int Off = -1;

    /// <summary>Casts on a device until the result is disposed: <c>using (Autocast.Enter(device, DType.BFloat16)) { ... }</c>.</summary>
    /// <param name="device">The device whose operators cast.</param>
    /// <param name="precision">BFloat16, or on CUDA also Float16; Float32 casts nothing, also inside a region that does.</param>
    /// <exception cref="ArgumentException">The precision is not one that autocast knows.</exception>
    public static Leave Enter(Device device, DType precision) => precision switch
    {
        DType.Float32 => new(device, Off),
        DType.BFloat16 => new(device, (int)precision),
        DType.Float16 when device.IsCuda => new(device, (int)precision),
        _ => throw new ArgumentException($"Autocast's precision is Float32, BFloat16, or Float16 on CUDA. Received: {precision} on {device}."),
    };

    /// <summary>Puts autocast back to what it was, on the same thread; the outermost drops the cast copies of the weights.</summary>
    public readonly ref struct Leave
    {
        readonly int device;
        readonly int before;

        internal Leave(Device device, int precision)
        {
            this.device = device.TypeNumber;
            Native.AutocastEnter(this.device, precision, out before);
        }

        /// <summary>Leaves the region.</summary>
        public void Dispose() => Native.AutocastLeave(device, before);
    }
}
