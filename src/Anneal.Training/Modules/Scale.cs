using Anneal.Torch;

namespace Anneal.Training.Modules;

/// <summary>Multiplies by a fixed number; on the scores of a classifier it is an inverse temperature.</summary>
public sealed class Scale(double factor) : Module
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => input * factor;
}
