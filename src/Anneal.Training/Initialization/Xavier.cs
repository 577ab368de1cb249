namespace Anneal.Training.Initialization;

/// <summary>Standard deviation 1/√fan_in under the name that courses teach it by; Glorot's paper averages both fans, see <see cref="Glorot"/>.</summary>
public sealed record Xavier : Initializer
{
    /// <inheritdoc/>
    public override double StandardDeviation(long fanIn, long fanOut) => 1 / Math.Sqrt(fanIn);
}
