using Anneal.Torch;

namespace Anneal.Training.Data;

/// <summary>Some examples as tensors.</summary>
/// <param name="Images">Shape [batch, channels, height, width]; UInt8 as stored until it is normalized, Float32 after.</param>
/// <param name="Targets">Class indices [batch] (Int64) or class probabilities [batch, classes] (Float32).</param>
public sealed record Batch(Tensor Images, Tensor Targets)
{
    /// <summary>The number of examples.</summary>
    public long Count => Targets.Size(0);
}
