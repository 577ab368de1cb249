using Anneal.Training.Modules;

namespace Anneal.Training.Rates;

/// <summary>Another rate for biases, and for the shifts and scales of normalization.</summary>
/// <remarks>Twice the rate, and no weight decay, is what the reference networks of Caffe give their biases (Jia et al. 2014).</remarks>
public sealed record BiasRate : IRateFactor
{
    /// <summary>The rate is multiplied by it; at least 0.</summary>
    public double Factor
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentException($"The factor of biases must be at least 0. Received: {value}.");
    } = 2;

    /// <inheritdoc/>
    public double? Of(ParameterPlace place) => place.Role == ParameterRole.Weight ? null : Factor;
}
