using Anneal.Torch;
using Anneal.Training.Data;

namespace Anneal.Training.Augmentation;

/// <summary>Left and right exchanged in some of the images.</summary>
/// <remarks>Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional neural networks", 2012, section 4.1.</remarks>
public sealed record HorizontalFlip : IBatchTransform
{
    /// <summary>The probability for each image, 0 to 1.</summary>
    public double Probability
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentException($"Probability must be from 0 to 1. Received: {value}.");
    } = 0.5;

    /// <inheritdoc/>
    public string Stream => "HorizontalFlip";

    /// <inheritdoc/>
    public Batch Apply(Batch batch, BatchContext context)
    {
        bool[] mask = new bool[batch.Count];
        for (int i = 0; i < mask.Length; i++)
        {
            mask[i] = context.Random.NextDouble() < Probability;
        }
        return batch with { Images = Images.Flip(batch.Images, Tensor.From(mask)) };
    }
}
