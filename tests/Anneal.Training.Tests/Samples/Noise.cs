using Anneal.Torch;
using Anneal.Training.Modules;

namespace Anneal.Training.Tests.Samples;

/// <summary>Numbers that make_goldens.py makes too.</summary>
static class Noise
{
    /// <summary>Numbers evenly spread over −1 to 1.</summary>
    public static float[] Of(long count, long key, double scale = 1, double shift = 0)
    {
        float[] values = new float[count];
        ulong place = (ulong)((key * 1000003) + 1);
        for (int i = 0; i < values.Length; i++)
        {
            uint mixed = (uint)((place + (ulong)i) * 2654435761);
            mixed = (mixed ^ (mixed >> 15)) * 2246822519;
            values[i] = (float)((((double)mixed / (1L << 31)) - 1) * scale + shift);
        }
        return values;
    }

    public static Tensor Tensor(long[] shape, long key, double scale = 1, double shift = 0) =>
        Torch.Tensor.From(Of(shape.Aggregate(1L, (product, size) => product * size), key, scale, shift), shape);

    /// <summary>Fills parameters and buffers by their names alone.</summary>
    public static void Fill(Module model)
    {
        using TensorScope scope = new();
        using GradientMode.Restore unrecorded = GradientMode.Off();
        int key = 0;
        foreach ((string name, Tensor value) in model.State().OrderBy(named => named.Key, StringComparer.Ordinal))
        {
            long[] shape = value.Shape;
            if (name.EndsWith("num_batches_tracked", StringComparison.Ordinal))
            {
                value.Fill(0);
            }
            else if (name.EndsWith("running_var", StringComparison.Ordinal))
            {
                value.CopyFrom(Tensor(shape, key, 0.5, 1));
            }
            else if (shape.Length == 1)
            {
                value.CopyFrom(Tensor(shape, key, 0.1, name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0));
            }
            else
            {
                value.CopyFrom(Tensor(shape, key, Math.Sqrt(6.0 / shape.Skip(1).Aggregate(1L, (product, size) => product * size))));
            }
            key++;
        }
    }
}
