namespace Anneal.Curves;

/// <summary>What the doctor sees in a run's curves: a name, the numbers it saw it in, and what to change.</summary>
public sealed record Diagnosis
{
    /// <summary>
    /// <c>diverging</c>, <c>flat-start</c>, <c>no-generalization</c>, <c>validation-dip</c>, <c>plateau</c>, <c>decayed-too-early</c>,
    /// <c>overfit</c>, <c>underfit</c>, <c>undertrained</c>, <c>still-rising</c>, <c>noisy</c>, <c>healthy</c> or <c>too-short</c>.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>What was seen, in one sentence with its numbers.</summary>
    public required string Evidence { get; init; }

    /// <summary>The numbers by name; losses in nats, accuracies 0 to 1, times in epochs.</summary>
    public required IReadOnlyDictionary<string, double> Numbers { get; init; }

    /// <summary>What to do about it, in one sentence.</summary>
    public required string Proposal { get; init; }

    /// <summary>The change to try first; null where there is nothing to change, or no single number to change.</summary>
    public RecipeChange? ProposedChange { get; init; }

    /// <summary>Other changes to try where the first was tried already, in order.</summary>
    public IReadOnlyList<RecipeChange> Alternatives { get; init; } = [];
}
