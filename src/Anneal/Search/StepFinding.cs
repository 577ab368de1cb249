namespace Anneal.Search;

/// <summary>What one of the seven steps found: its gate, its numbers and its words. One line of <c>steps.jsonl</c>.</summary>
public sealed record StepFinding
{
    /// <summary>1 to 7, or 8 for the final training.</summary>
    public required int Step { get; init; }

    /// <summary>Rounds of steps 5 to 7 ended before this one, counted from 0.</summary>
    public int Round { get; init; }

    /// <summary>The step's title, such as <c>Check the initial loss</c>.</summary>
    public required string Title { get; init; }

    /// <summary>Whether its gate let the study go on.</summary>
    public required bool Passed { get; init; }

    /// <summary>What was found, in one or two sentences with the numbers behind it.</summary>
    public required string Finding { get; init; }

    /// <summary>The measured numbers by name.</summary>
    public IReadOnlyDictionary<string, double> Numbers { get; init; } = new Dictionary<string, double>();

    /// <summary>Step 1: activations of each layer at initialization.</summary>
    public IReadOnlyList<LayerActivation> Layers { get; init; } = [];

    /// <summary>Steps 2 and 3: measured curves; the range test has x = rate.</summary>
    public IReadOnlyList<NamedCurve> Curves { get; init; } = [];

    /// <summary>Step 3: suggested rates, the chosen one first.</summary>
    public IReadOnlyList<SuggestedRate> Suggestions { get; init; } = [];

    /// <summary>Seconds the step took.</summary>
    public required double Seconds { get; init; }
}

/// <summary>How one layer's outputs are distributed.</summary>
public sealed record LayerActivation
{
    /// <summary>The layer's path, such as <c>layer1.0.conv1</c>.</summary>
    public required string Layer { get; init; }

    /// <summary>Mean of its outputs.</summary>
    public required double Mean { get; init; }

    /// <summary>Standard deviation of its outputs.</summary>
    public required double StandardDeviation { get; init; }

    /// <summary>Share of outputs that are exactly zero, 0 to 1.</summary>
    public required double Zeros { get; init; }

    /// <summary>In words: <c>too small</c>, <c>just right</c> or <c>too large</c>.</summary>
    public required string Verdict { get; init; }
}

/// <summary>Points (x, y) with a name; both lists are of one length.</summary>
public sealed record NamedCurve
{
    /// <summary>The curve's name, such as <c>smoothed loss</c> or <c>rate 0.01</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Steps or rates.</summary>
    public required IReadOnlyList<double> X { get; init; }

    /// <summary>Losses or accuracies.</summary>
    public required IReadOnlyList<double> Y { get; init; }
}

/// <summary>A rate that a range test suggests, and why.</summary>
public sealed record SuggestedRate
{
    /// <summary>The rule that found it: <c>valley</c>, <c>steepest</c>, <c>minimum</c>, <c>slide</c>, <c>cycle minimum</c> or <c>cycle maximum</c>.</summary>
    public required string Rule { get; init; }

    /// <summary>The learning rate.</summary>
    public required double Rate { get; init; }

    /// <summary>One sentence: where on the curve it lies.</summary>
    public required string Reason { get; init; }
}
