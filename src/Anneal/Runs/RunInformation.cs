namespace Anneal.Runs;

/// <summary>Where, with what and on what a run was made; <c>run.json</c> in its folder.</summary>
public sealed record RunInformation
{
    /// <summary>Anneal's version.</summary>
    public required string Anneal { get; init; }

    /// <summary>When the run was started, UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>The command that started it.</summary>
    public required string Command { get; init; }

    /// <summary>The seed all draws derive from.</summary>
    public required ulong Seed { get; init; }

    /// <summary>libtorch's version, such as <c>1.13.1</c>.</summary>
    public required string Libtorch { get; init; }

    /// <summary>Where libtorch was found.</summary>
    public required string LibtorchPath { get; init; }

    /// <summary>Threads used inside one operator.</summary>
    public required int Threads { get; init; }

    /// <summary><c>cpu</c> or <c>cuda:0</c>.</summary>
    public required string Device { get; init; }

    /// <summary>Precision of the forward pass: <c>float32</c> or <c>bfloat16</c>.</summary>
    public required string Precision { get; init; }

    /// <summary>Memory layout of images: <c>contiguous</c> or <c>channels-last</c>.</summary>
    public required string Layout { get; init; }

    /// <summary>Why it was computed in this precision and layout, with so many threads; null in runs of versions that did not say.</summary>
    public ExecutionEvidence? Execution { get; init; }

    /// <summary>The processor's name.</summary>
    public required string Processor { get; init; }

    /// <summary>Processor cores that the operating system offers.</summary>
    public required int Cores { get; init; }

    /// <summary>The operating system.</summary>
    public required string System { get; init; }

    /// <summary>The data set's name as given.</summary>
    public required string Data { get; init; }

    /// <summary>SHA-256 over the data set's content, in hexadecimal.</summary>
    public required string DataFingerprint { get; init; }

    /// <summary>Class names in label order.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>The git commit of the working folder; null outside a repository.</summary>
    public string? GitCommit { get; init; }
}
