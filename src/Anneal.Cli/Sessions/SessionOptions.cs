using Anneal.Torch;

namespace Anneal.Cli.Sessions;

/// <summary>How a run is made on this machine, beside what its recipe says.</summary>
sealed record SessionOptions
{
    /// <summary>Where to train; null for the first CUDA device, or the processor where there is none.</summary>
    internal Device? Device { get; init; }

    /// <summary>Threads inside one operator; null to choose by measuring.</summary>
    internal int? Threads { get; init; }

    /// <summary>The command line, for <c>run.json</c>.</summary>
    internal required string Command { get; init; }

    /// <summary>Whether the trained model is written, calibrated and measured on the test examples.</summary>
    internal bool Evaluate { get; init; } = true;

    /// <summary>Whether <c>report.html</c> is written.</summary>
    internal bool Report { get; init; } = true;
}
