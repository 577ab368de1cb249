using Anneal.Torch;
using Anneal.Training.Checkpoints;

namespace Anneal.Training.Loop;

/// <summary>The generators of one run: what dropout and weight noise draw from. Nothing outside the run draws from them, and the run from no others.</summary>
sealed class RunGenerators : IDisposable
{
    readonly Generator processor;
    readonly Generator? other;

    /// <summary>Generators started from a recipe's seed.</summary>
    /// <param name="device">Where the run trains.</param>
    /// <param name="seed">The recipe's.</param>
    internal RunGenerators(Device device, ulong seed)
    {
        processor = new Generator(Device.Cpu, seed);
        other = device.IsCuda ? new Generator(device, seed) : null;
    }

    /// <summary>Runs something that draws.</summary>
    internal T Use<T>(Func<T> draws)
    {
        using Generator.Leave leave = processor.Use();
        if (other is null)
        {
            return draws();
        }
        using Generator.Leave leaveOther = other.Use();
        return draws();
    }

    /// <summary>Writes their states down.</summary>
    internal void Capture(Progress progress)
    {
        progress.Generator = processor.GetState();
        progress.DeviceGenerator = other?.GetState() ?? [];
    }

    /// <summary>Takes the states that were written down.</summary>
    internal void Restore(Progress progress)
    {
        processor.SetState(progress.Generator);
        if (progress.DeviceGenerator.Length > 0)
        {
            other?.SetState(progress.DeviceGenerator);
        }
    }

    public void Dispose()
    {
        processor.Dispose();
        other?.Dispose();
    }
}
