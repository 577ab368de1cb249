namespace Anneal.Training.Initialization;

/// <summary>Standard deviation √(2/(fan_in + fan_out)): between keeping activations and keeping gradients (Glorot and Bengio 2010, equation 12).</summary>
public sealed record Glorot : Initializer
{
    /// <inheritdoc/>
    public override double StandardDeviation(long fanIn, long fanOut) => Math.Sqrt(2.0 / (fanIn + fanOut));
}
