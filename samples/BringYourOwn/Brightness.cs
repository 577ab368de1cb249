using Anneal.Torch;
using Anneal.Training.Augmentation;
using Anneal.Training.Data;

namespace BringYourOwn;

/// <summary>Each image darker or brighter by a factor of its own.</summary>
public sealed record Brightness : IBatchTransform
{
    /// <summary>Factors are drawn from 1 − range to 1 + range; 0 to 1.</summary>
    public double Range
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentException($"Range must be from 0 to 1. Received: {value}.");
    } = 0.2;

    /// <inheritdoc/>
    public Batch Apply(Batch batch, BatchContext context)
    {
        float[] factors = new float[batch.Count];
        for (int i = 0; i < factors.Length; i++)
        {
            // From the stream that is given and no other: a resumed run then draws the same.
            factors[i] = (float)(1 - Range + (2 * Range * context.Random.NextDouble()));
        }
        Tensor each = Tensor.From(factors, batch.Count, 1, 1, 1).To(batch.Images.Device);
        return batch with { Images = (batch.Images * each).Clamp(0, 255).To(DType.UInt8) };
    }
}
