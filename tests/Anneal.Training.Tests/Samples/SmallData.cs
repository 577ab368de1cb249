using Anneal.Randomness;
using Anneal.Training.Data;
using Anneal.Training.Models;

namespace Anneal.Training.Tests.Samples;

/// <summary>Images that tell their class by which rows are bright: a few steps learn it.</summary>
static class SmallData
{
    public static Dataset Striped(int perClass = 20, int classes = 3, int size = 8, ulong seed = 1) =>
        new("striped", Images(perClass, classes, size, seed), Images(4, classes, size, seed + 1), [.. Enumerable.Range(0, classes).Select(label => $"stripe {label}")]);

    static Examples Images(int perClass, int classes, int size, ulong seed)
    {
        RandomStream noise = new(seed, "striped");
        byte[] labels = [.. Enumerable.Range(0, perClass * classes).Select(i => (byte)(i % classes))];
        byte[] pixels = new byte[labels.Length * size * size];
        for (int i = 0; i < pixels.Length; i++)
        {
            int row = i / size % size;
            pixels[i] = (byte)(30 + noise.NextInt(60) + (row % classes == labels[i / (size * size)] ? 100 : 0));
        }
        return new Examples(pixels, labels, new ImageShape(1, size, size));
    }
}
