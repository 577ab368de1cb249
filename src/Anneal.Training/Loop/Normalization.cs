using Anneal.Torch;
using Anneal.Training.Data;

namespace Anneal.Training.Loop;

/// <summary>Bytes to numbers of mean 0 and standard deviation 1 for each channel, in the memory order that the model wants.</summary>
/// <param name="Mean">Mean of each channel, of pixels 0 to 1.</param>
/// <param name="StandardDeviation">Standard deviation of each channel.</param>
/// <param name="Layout">The memory order.</param>
public sealed record Normalization(IReadOnlyList<double> Mean, IReadOnlyList<double> StandardDeviation, MemoryFormat Layout)
{
    readonly double[] mean = [.. Mean];
    readonly double[] deviation = [.. StandardDeviation];

    /// <summary>By a data set's own training examples.</summary>
    public static Normalization Of(Dataset data, MemoryFormat layout) => new(data.Mean, data.StandardDeviation, layout);

    /// <summary>Images UInt8 [batch, channels, height, width] → Float32 of the same shape.</summary>
    public Tensor Apply(Tensor images) => Images.Normalize(images, mean, deviation, DType.Float32, Layout);
}
