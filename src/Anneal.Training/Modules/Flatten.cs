using Anneal.Torch;

namespace Anneal.Training.Modules;

/// <summary>Each example as one row: [batch, ...] → [batch, features].</summary>
public sealed class Flatten : Module
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => input.Flatten(1);
}
