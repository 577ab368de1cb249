using Anneal.Torch;
using Anneal.Training.Data;

namespace Anneal.Training.Augmentation;

/// <summary>A black square in each image, at a random place and cut off at the edges.</summary>
/// <remarks>DeVries and Taylor, "Improved regularization of convolutional neural networks with Cutout", 2017, section 3.</remarks>
public sealed record Cutout : IBatchTransform
{
    /// <summary>The side of the square in pixels, at least 1.</summary>
    public int Size
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentException($"Size must be at least 1. Received: {value}.");
    } = 8;

    /// <inheritdoc/>
    public string Stream => "Cutout";

    /// <inheritdoc/>
    public Batch Apply(Batch batch, BatchContext context)
    {
        long[] shape = batch.Images.Shape;
        long[] boxes = new long[batch.Count * 4];
        for (int i = 0; i < boxes.Length; i += 4)
        {
            // The center is any pixel, so that squares at the edges come as often as elsewhere.
            boxes[i] = context.Random.NextInt((int)shape[2]) - (Size / 2);
            boxes[i + 1] = context.Random.NextInt((int)shape[3]) - (Size / 2);
            boxes[i + 2] = boxes[i] + Size;
            boxes[i + 3] = boxes[i + 1] + Size;
        }
        return batch with { Images = Images.Erase(batch.Images, Tensor.From(boxes, batch.Count, 4)) };
    }
}
