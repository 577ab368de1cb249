namespace Anneal.Training.Initialization;

/// <summary>Standard deviation 1/√fan_in: keeps the variance through linear layers (LeCun et al. 1998, section 4.6).</summary>
public sealed record LeCun : Initializer
{
    /// <inheritdoc/>
    public override double StandardDeviation(long fanIn, long fanOut) => 1 / Math.Sqrt(fanIn);
}
