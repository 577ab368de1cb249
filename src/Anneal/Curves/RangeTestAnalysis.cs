using Anneal.Search;

namespace Anneal.Curves;

/// <summary>What a learning-rate range test says.</summary>
public sealed record RangeTestAnalysis
{
    /// <summary>Smoothed loss over the rate, for all iterations with a finite loss.</summary>
    public required NamedCurve Smoothed { get; init; }

    /// <summary>Suggested rates, the one to take first; empty where the curve was refused.</summary>
    public IReadOnlyList<SuggestedRate> Suggestions { get; init; } = [];

    /// <summary>The rules that find nothing on this curve, each with its reason; empty where the curve was refused.</summary>
    public IReadOnlyList<OmittedRule> Omitted { get; init; } = [];

    /// <summary>The pair of rates for a cyclic schedule; null where no rate of the test undid the training.</summary>
    public RateRange? Cycle { get; init; }

    /// <summary>Why the curve suggests nothing, with the numbers; null where it does.</summary>
    public string? Refusal { get; init; }

    /// <summary>The suggestions, and after them both rates of the pair, each with its reason.</summary>
    public IReadOnlyList<SuggestedRate> WithCycle() => Cycle is null ? Suggestions :
    [
        .. Suggestions,
        new SuggestedRate { Rule = "cycle minimum", Rate = Cycle.Minimum, Reason = "A quarter of the maximum: the lower rate of a cyclic schedule." },
        new SuggestedRate { Rule = "cycle maximum", Rate = Cycle.Maximum, Reason = $"A tenth of {RangeTest.UndoneOver * Cycle.Maximum:G3}, from which on the loss stays above that of the untrained model: the upper rate of a cyclic schedule." },
    ];
}

/// <summary>A rule that finds nothing on a curve.</summary>
/// <param name="Rule">Its name, such as <c>slide</c>.</param>
/// <param name="Reason">Why not, and what to do.</param>
public sealed record OmittedRule(string Rule, string Reason);

/// <summary>Two learning rates to cycle between.</summary>
/// <param name="Minimum">A quarter of <paramref name="Maximum"/>.</param>
/// <param name="Maximum">A tenth of the rate that undoes training.</param>
public sealed record RateRange(double Minimum, double Maximum);
