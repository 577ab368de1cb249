namespace Anneal.Training.Rates;

/// <summary>A batch k times as large has √k times the learning rate: the rule for adaptive optimizers.</summary>
/// <remarks>
/// Krizhevsky, "One weird trick for parallelizing convolutional neural networks", 2014, section 5: it keeps the variance of
/// the gradient's estimate. For Adam: Malladi et al., "On the SDEs and scaling rules for adaptive gradient algorithms", 2022.
/// </remarks>
public sealed record SquareRootScaling : BatchScaling
{
    /// <inheritdoc/>
    protected override double Rule(double ratio) => Math.Sqrt(ratio);
}
