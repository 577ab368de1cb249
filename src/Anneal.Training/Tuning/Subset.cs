using Anneal.Randomness;
using Anneal.Training.Data;

namespace Anneal.Training.Tuning;

/// <summary>A data set of some of another's training examples.</summary>
static class Subset
{
    internal static Dataset Of(Dataset data, int[] from, int count, ulong seed)
    {
        int[] order = RandomStream.Permutation(from.Length, seed, "small sample");
        byte[] labels = new byte[count];
        byte[] pixels = new byte[count * data.Shape.Count];
        for (int i = 0; i < count; i++)
        {
            int index = from[order[i]];
            labels[i] = data.Training.Labels[index];
            data.Training.Pixels(index).CopyTo(pixels.AsSpan(i * data.Shape.Count));
        }
        return new Dataset(data.Name, new Examples(pixels, labels, data.Shape), new Examples(pixels, labels, data.Shape), data.Classes);
    }
}
