using Anneal.Training.Modules;

namespace Anneal.Training.Optimizers;

/// <summary>Parameters that an optimizer treats alike.</summary>
public sealed record ParameterGroup
{
    /// <summary>The parameters, by their path in the model, in the model's order.</summary>
    public required IReadOnlyList<KeyValuePair<string, Parameter>> Parameters { get; init; }

    /// <summary>The learning rate is multiplied by it.</summary>
    public double RateFactor { get; init; } = 1;

    /// <summary>The weight decay is multiplied by it; 0 for parameters that do not decay.</summary>
    public double DecayFactor { get; init; } = 1;
}
