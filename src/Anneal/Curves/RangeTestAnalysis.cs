using Anneal.Search;

namespace Anneal.Curves;

/// <summary>What a learning-rate range test says.</summary>
public sealed record RangeTestAnalysis
{
    /// <summary>Smoothed loss over the rate, for all iterations with a finite loss.</summary>
    public required NamedCurve Smoothed { get; init; }

    /// <summary>Suggested rates, the one to take first; empty where the curve was refused.</summary>
    public IReadOnlyList<SuggestedRate> Suggestions { get; init; } = [];

    /// <summary>The pair of rates for a cyclic schedule; null where the loss did not stop falling inside the test.</summary>
    public RateRange? Cycle { get; init; }

    /// <summary>Why the curve suggests nothing, with the numbers; null where it does.</summary>
    public string? Refusal { get; init; }
}

/// <summary>Two learning rates to cycle between.</summary>
/// <param name="Minimum">A quarter of <paramref name="Maximum"/>.</param>
/// <param name="Maximum">Where the loss stops falling.</param>
public sealed record RateRange(double Minimum, double Maximum);
