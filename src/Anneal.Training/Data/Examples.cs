using Anneal.Torch;
using Anneal.Training.Models;

namespace Anneal.Training.Data;

/// <summary>Images with their classes, whole in memory: one tensor of bytes.</summary>
public sealed class Examples : IDisposable
{
    readonly byte[] labels;

    /// <summary>Takes pixels and labels over.</summary>
    /// <param name="pixels">0 to 255, shape [examples, channels, height, width] in row-major order.</param>
    /// <param name="labels">The class of each, counted from 0.</param>
    /// <param name="shape">The size of one image.</param>
    public Examples(ReadOnlySpan<byte> pixels, byte[] labels, ImageShape shape)
    {
        ArgumentNullException.ThrowIfNull(labels);
        this.labels = labels;
        Shape = shape;
        Images = TensorScope.Release(Tensor.From(pixels, labels.Length, shape.Channels, shape.Height, shape.Width));
        Targets = TensorScope.Release(Tensor.From(Array.ConvertAll(labels, label => (long)label)));
    }

    Examples(byte[] labels, ImageShape shape, Tensor images, Tensor targets)
    {
        this.labels = labels;
        Shape = shape;
        Images = images;
        Targets = targets;
    }

    /// <summary>The number of examples.</summary>
    public int Count => labels.Length;

    /// <summary>The size of one image.</summary>
    public ImageShape Shape { get; }

    /// <summary>The class of each example.</summary>
    public ReadOnlySpan<byte> Labels => labels;

    /// <summary>Pixels, UInt8 [examples, channels, height, width].</summary>
    public Tensor Images { get; }

    /// <summary>Classes, Int64 [examples].</summary>
    public Tensor Targets { get; }

    /// <summary>The pixels of one example, channel by channel.</summary>
    public byte[] Pixels(int index)
    {
        using TensorScope scope = new();
        return Images.Select(0, index).ToArray<byte>();
    }

    /// <summary>The same examples on a device: the caller's to dispose. These stay where they are.</summary>
    /// <remarks>Where they are on it already, both share one memory.</remarks>
    public Examples On(Device device) => new(
        labels, Shape, TensorScope.Release(Images.To(device)), TensorScope.Release(Targets.To(device)));

    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Targets.Dispose();
    }
}
