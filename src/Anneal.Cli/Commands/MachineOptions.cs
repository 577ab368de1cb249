using System.CommandLine;
using Anneal.Cli.Machines;
using Anneal.Torch;

namespace Anneal.Cli.Commands;

/// <summary>The device and the threads of a command that computes and keeps no run.</summary>
sealed class MachineOptions
{
    readonly Option<string?> device;
    readonly Option<int?> threads = new("--threads") { HelpName = "count", Description = "Threads inside one operator, at least 1. Default: one a physical core." };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="verb">What it does there, such as <c>run</c>.</param>
    internal MachineOptions(Command command, string verb)
    {
        device = new("--device") { HelpName = "device", Description = $"Where to {verb}: cpu, cuda or cuda:N. Default: the first CUDA device, or cpu where there is none." };
        threads.Validators.Add(RunOptions.CheckThreads);
        command.Add(device);
        command.Add(threads);
    }

    /// <summary>Sets the threads, and returns the device.</summary>
    internal Device Apply(ParseResult parsed)
    {
        Engine.Threads = parsed.GetValue(threads) ?? Machine.PhysicalCores;
        return DeviceChoice.Of(parsed.GetValue(device) is { } name ? RunOptions.ParseDevice(name) : null);
    }
}
