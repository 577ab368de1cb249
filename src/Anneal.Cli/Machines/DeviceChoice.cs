using Anneal.Torch;

namespace Anneal.Cli.Machines;

/// <summary>Which device to use.</summary>
static class DeviceChoice
{
    /// <summary>The device asked for if it is there; where none was asked for, the first CUDA device or else the processor.</summary>
    internal static Device Of(Device? asked)
    {
        int devices = Engine.CudaDevices;
        if (asked is not { } device)
        {
            return devices > 0 ? Device.Cuda() : Device.Cpu;
        }
        if (device.IsCuda && device.Index >= devices)
        {
            string there = string.Join(", ", Enumerable.Range(0, devices).Select(index => $"cuda:{index}").Prepend("cpu"));
            throw new UsageException($"No device {device} here. This libtorch can use: {there}.");
        }
        return device;
    }
}
