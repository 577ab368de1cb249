using Anneal.Torch.Serialization;

namespace Anneal.Training.Data.Idx;

/// <summary>Images with their labels, read from a pair of IDX files and found to fit each other.</summary>
public sealed class IdxSplit
{
    // Red, green, blue and transparency.
    const int MostColours = 4;

    readonly string labelsPath;

    IdxSplit(IdxFile images, IdxFile labels)
    {
        Images = images;
        Labels = labels.ToArray();
        labelsPath = labels.Name;
    }

    /// <summary>Pixels 0 to 255, shape [examples, height, width] or [examples, channels, height, width].</summary>
    public IdxFile Images { get; }

    /// <summary>One label an image, as it is in the file.</summary>
    public IReadOnlyList<byte> Labels { get; }

    /// <summary>Images in the split; at least 1.</summary>
    public int Examples => Labels.Count;

    /// <summary>Colours of an image: 1 for grey.</summary>
    public int Channels => Images.Shape.Length == 3 ? 1 : Images.Shape[1];

    /// <summary>Rows of an image.</summary>
    public int Height => Images.Shape[^2];

    /// <summary>Columns of an image.</summary>
    public int Width => Images.Shape[^1];

    /// <summary>Reads both files.</summary>
    /// <param name="imagesPath">Bytes of 3 or 4 dimensions.</param>
    /// <param name="labelsPath">Bytes of 1 dimension, as many as there are images.</param>
    /// <exception cref="InvalidFileException">A file is damaged, or the two do not fit.</exception>
    public static IdxSplit Read(string imagesPath, string labelsPath)
    {
        // The labels first: they cost little and often tell.
        IdxFile labels = IdxFile.Read(labelsPath);
        if (labels.Type != IdxType.U8 || labels.Shape.Length != 1)
        {
            throw new InvalidFileException(labelsPath, $"Labels must be bytes (U8) of one dimension. Received: {Describe(labels)}.");
        }
        IdxFile images = IdxFile.Read(imagesPath);
        if (images.Type != IdxType.U8 || images.Shape.Length is not (3 or 4) || images.ByteLength == 0)
        {
            throw new InvalidFileException(imagesPath, $"Images must be bytes (U8) of shape [examples, height, width] or [examples, channels, height, width], at least one. Received: {Describe(images)}.");
        }
        if (images.Shape is [_, > MostColours, _, 1 or 3 or MostColours])
        {
            throw new InvalidFileException(
                imagesPath,
                $"Images must be [examples, channels, height, width], channels first. Received: {Describe(images)}, which has them last. " +
                "Move them, as numpy's transpose(0, 3, 1, 2) does.");
        }
        if (images.Shape[0] != labels.Shape[0])
        {
            throw new InvalidFileException(labelsPath, $"There must be a label for each image. Received: {labels.Shape[0]} labels, and {images.Shape[0]} images in {imagesPath}.");
        }
        return new IdxSplit(images, labels);
    }

    /// <summary>Checks that every label is one of so many classes.</summary>
    /// <param name="classes">How many there are.</param>
    /// <param name="first">The label of the first.</param>
    /// <exception cref="InvalidFileException">One is not; the message says which.</exception>
    public void CheckLabels(int classes, int first = 0)
    {
        for (int i = 0; i < Labels.Count; i++)
        {
            if (Labels[i] < first || Labels[i] >= first + classes)
            {
                throw new InvalidFileException(labelsPath, $"Labels must be from {first} to {first + classes - 1}, for {classes} classes. Received: {Labels[i]} for image {i}.");
            }
        }
    }

    static string Describe(IdxFile file) => $"{file.Type} of shape [{string.Join(", ", file.Shape)}]";
}
