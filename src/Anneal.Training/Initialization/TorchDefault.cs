namespace Anneal.Training.Initialization;

/// <summary>Standard deviation 1/√(3 · fan_in), which with uniform draws is PyTorch's U(±1/√fan_in) for linear and convolution layers.</summary>
public sealed record TorchDefault : Initializer
{
    /// <inheritdoc/>
    public override double StandardDeviation(long fanIn, long fanOut) => 1 / Math.Sqrt(3.0 * fanIn);
}
