using Anneal.Torch;
using Anneal.Training.Data;

namespace Anneal.Training.Augmentation;

/// <summary>Each image moved by a few pixels: a window of its size, anywhere in the image with a black border around it.</summary>
/// <remarks>He, Zhang, Ren and Sun, "Deep residual learning for image recognition", 2016, section 4.2.</remarks>
public sealed record RandomCrop : IBatchTransform
{
    /// <summary>The width of the border in pixels, at least 1.</summary>
    public int Padding
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentException($"Padding must be at least 1. Received: {value}.");
    } = 4;

    /// <inheritdoc/>
    public string Stream => "RandomCrop";

    /// <inheritdoc/>
    public Batch Apply(Batch batch, BatchContext context)
    {
        long[] offsets = new long[batch.Count * 2];
        for (int i = 0; i < offsets.Length; i++)
        {
            offsets[i] = context.Random.NextInt((2 * Padding) + 1);
        }
        return batch with { Images = Images.Crop(batch.Images, Tensor.From(offsets, batch.Count, 2), Padding) };
    }
}
