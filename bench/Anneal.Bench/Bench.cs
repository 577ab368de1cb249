namespace Anneal.Bench;

/// <summary>One measured claim: its name on the command line, the claim in a sentence, and how it is measured.</summary>
abstract record Bench(string Name, string Claim)
{
    /// <summary>What the driver must install or build first: "python" (Debian's python3-torch), "loop" (the C++ peer), "digits" (those of python3-sklearn).</summary>
    public virtual IReadOnlySet<string> Needs => new HashSet<string>();

    /// <summary>Our side of one measurement, in a process of its own; it prints a line of JSON.</summary>
    public virtual void Ours(string[] arguments, TextWriter output) =>
        throw new NotSupportedException($"{Name} has no side of its own to run.");

    /// <summary>Measures, writes what was found, and returns whether every bar was reached.</summary>
    public abstract bool Run(Setting setting, TextWriter output);
}

/// <summary>How often and how long to measure, and where the peers are.</summary>
sealed record Setting
{
    public int? Rounds { get; init; }

    public double? Seconds { get; init; }

    /// <summary>The folder bench/peers.</summary>
    public required string Peers { get; init; }

    /// <summary>The folder with the built C++ loop.</summary>
    public required string BuiltPeers { get; init; }
}
