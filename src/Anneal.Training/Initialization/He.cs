namespace Anneal.Training.Initialization;

/// <summary>Standard deviation √(2/fan_in): keeps the variance through layers followed by ReLU (He et al. 2015, equation 10).</summary>
public sealed record He : Initializer
{
    /// <inheritdoc/>
    public override double StandardDeviation(long fanIn, long fanOut) => Math.Sqrt(2.0 / fanIn);
}
