using Anneal.Randomness;
using Anneal.Torch;
using Anneal.Training.Augmentation;
using Anneal.Training.Data;

namespace Anneal.Training.Loop;

/// <summary>Training batches by their place in the run: which examples, shuffled and augmented how, follows from the seed alone.</summary>
/// <param name="examples">Where the images are.</param>
/// <param name="indices">Which of them take part.</param>
/// <param name="transforms">Changes to each batch, in order.</param>
/// <param name="normalization">The last change: bytes to numbers.</param>
/// <param name="seed">What all draws derive from.</param>
public sealed class BatchSource(
    Examples examples, int[] indices, IReadOnlyList<IBatchTransform> transforms, Normalization normalization, ulong seed)
{
    // A stream for each kind of transform: adding one does not change what the others draw. A second one of a kind draws anew.
    readonly string[] streams =
        [.. transforms.Select((transform, place) =>
        {
            string kind = transform.Stream;
            int before = transforms.Take(place).Count(other => other.Stream == kind);
            return before == 0 ? kind : $"{kind} {before + 1}";
        })];

    int[] order = [];
    long orderedEpoch = -1;

    /// <summary>Examples in one pass over the data.</summary>
    public int Count => indices.Length;

    /// <summary>Examples first … first + count − 1 of a pass over the data, augmented and normalized.</summary>
    /// <param name="epoch">Which pass, counted from 0; each has an order of its own.</param>
    /// <param name="first">The place of the batch's first example in the pass.</param>
    /// <param name="count">How many examples.</param>
    /// <param name="values">Scheduled values by name at this step.</param>
    public Batch Load(long epoch, int first, int count, IReadOnlyDictionary<string, double> values)
    {
        if (orderedEpoch != epoch)
        {
            order = RandomStream.Permutation(indices.Length, seed, "data order", epoch);
            orderedEpoch = epoch;
        }
        long[] chosen = new long[count];
        for (int i = 0; i < count; i++)
        {
            chosen[i] = indices[order[first + i]];
        }
        Tensor places = Tensor.From(chosen);
        if (examples.Images.Device.IsCuda)
        {
            places = places.To(examples.Images.Device, DType.Int64);
        }
        Batch batch = new(examples.Images.IndexSelect(0, places), examples.Targets.IndexSelect(0, places));
        for (int i = 0; i < transforms.Count; i++)
        {
            batch = transforms[i].Apply(batch, new BatchContext(new RandomStream(seed, streams[i], epoch, first), values));
        }
        return batch with { Images = normalization.Apply(batch.Images) };
    }
}
