namespace Anneal.Torch;

/// <summary>Batches of images [batch, channels, height, width] changed in one pass over memory each.</summary>
public static class Images
{
    static readonly Operator CropOp = new("anneal::crop");
    static readonly Operator FlipOp = new("anneal::flip");
    static readonly Operator EraseOp = new("anneal::erase");
    static readonly Operator NormalizeOp = new("anneal::normalize");

    /// <summary>Windows of the images' size, cut out of the images with a border around them.</summary>
    /// <param name="images">Images of any type.</param>
    /// <param name="offsets">Where each window begins, down and right, 0 to 2 · padding: Int64 [batch, 2] on the CPU.</param>
    /// <param name="padding">The width of the border.</param>
    /// <param name="fill">The border's value.</param>
    public static Tensor Crop(Tensor images, Tensor offsets, int padding, double fill = 0) => CropOp.Invoke(images, offsets, padding, fill);

    /// <summary>Left and right exchanged where the mask (Boolean [batch], on the CPU) is true.</summary>
    public static Tensor Flip(Tensor images, Tensor mask) => FlipOp.Invoke(images, mask);

    /// <summary>One box in each image filled.</summary>
    /// <param name="images">Images of any type.</param>
    /// <param name="boxes">Top, left, bottom and right, the last two not included: Int64 [batch, 4] on the CPU. What lies outside is ignored.</param>
    /// <param name="fill">The boxes' value.</param>
    public static Tensor Erase(Tensor images, Tensor boxes, double fill = 0) => EraseOp.Invoke(images, boxes, fill);

    /// <summary>Bytes 0 … 255 to (x/255 − mean)/deviation.</summary>
    /// <param name="images">UInt8.</param>
    /// <param name="mean">Mean of each channel, of pixels 0 to 1.</param>
    /// <param name="deviation">Standard deviation of each channel.</param>
    /// <param name="type">Float32 or BFloat16.</param>
    /// <param name="format">The memory order of the result.</param>
    public static Tensor Normalize(
        Tensor images, double[] mean, double[] deviation, DType type = DType.Float32, MemoryFormat format = MemoryFormat.Contiguous) =>
        NormalizeOp.Invoke(images, mean, deviation, type, format);
}
