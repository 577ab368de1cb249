using Anneal.Torch.Interop;

namespace Anneal.Torch;

/// <summary>Runs matrix products and convolutions in a lower precision and keeps the rest in single (Micikevicius et al. 2018).</summary>
public static class Autocast
{
    /// <summary>Casts on a device until the result is disposed: <c>using (Autocast.Enter(device, DType.BFloat16)) { ... }</c>.</summary>
    /// <param name="device">The device whose operators cast.</param>
    /// <param name="precision">BFloat16, or on CUDA also Float16; Float32 casts nothing.</param>
    /// <exception cref="ArgumentException">The precision is not one that autocast knows.</exception>
    public static Leave Enter(Device device, DType precision) => precision switch
    {
        DType.Float32 => default,
        DType.BFloat16 => new(device, precision),
        DType.Float16 when device.IsCuda => new(device, precision),
        _ => throw new ArgumentException($"Autocast's precision is BFloat16, or Float16 on CUDA. Received: {precision} on {device}."),
    };

    /// <summary>Leaves autocast and drops its cast copies of the weights, on the same thread.</summary>
    public readonly ref struct Leave
    {
        readonly int device;
        readonly int precision;

        internal Leave(Device device, DType precision)
        {
            this.device = device.TypeNumber;
            this.precision = (int)precision;
            Native.Autocast(this.device, 1, this.precision);
        }

        /// <summary>Leaves autocast.</summary>
        public void Dispose()
        {
            if (precision != 0)
            {
                Native.Autocast(device, 0, precision);
            }
        }
    }
}
