using System.Buffers.Binary;
using System.Security.Cryptography;
using Anneal.Training.Data.Idx;
using Anneal.Training.Models;

namespace Anneal.Training.Data;

/// <summary>Examples to train on and examples to test on, of the same classes and image size.</summary>
public sealed class Dataset : IDisposable
{
    /// <summary>A data set of your own.</summary>
    /// <param name="name">What reports call it. Recipes say <see cref="Recipes.Recipe.InMemory"/>: no name opens it again.</param>
    /// <param name="training">Examples to train and validate on.</param>
    /// <param name="test">Examples that only a final test sees.</param>
    /// <param name="classes">Class names in label order: 2 to 256, none of them empty.</param>
    /// <exception cref="ArgumentException">Image sizes differ, a label is not a class, or there are fewer than two classes.</exception>
    public Dataset(string name, Examples training, Examples test, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(test);
        ArgumentNullException.ThrowIfNull(classes);
        // Labels are bytes.
        if (classes.Count is < 2 or > 256 || classes.Any(string.IsNullOrEmpty))
        {
            throw new ArgumentException(
                $"A data set must have 2 to 256 classes, each with a name. Received: {classes.Count} names{(classes.Count == 0 ? "" : $", [{string.Join(", ", classes.Take(20))}]")}; give one for each label, in label order.",
                nameof(classes));
        }
        if (training.Count == 0)
        {
            throw new ArgumentException("A data set must have an example to train on. Received: none.", nameof(training));
        }
        if (training.Shape != test.Shape)
        {
            throw new ArgumentException($"Training and test images must be of one size. Received: {training.Shape} and {test.Shape}.");
        }
        foreach (Examples split in new[] { training, test })
        {
            // A label is a byte: with 256 classes or more, all are classes.
            int outside = classes.Count > byte.MaxValue ? -1 : split.Labels.IndexOfAnyInRange((byte)classes.Count, byte.MaxValue);
            if (outside >= 0)
            {
                throw new ArgumentException(
                    $"A label must be less than the number of classes, {classes.Count}. Received: {split.Labels[outside]} at example {outside}.");
            }
        }
        Name = name;
        Training = training;
        Test = test;
        Classes = [.. classes];
        Fingerprint = Hash(training, test);
        (Mean, StandardDeviation) = Moments(training);
        Remarks = [.. Remark(training, classes)];
    }

    /// <summary>What it is called: a known name, a folder, or whatever a program calls its own.</summary>
    public string Name { get; }

    /// <summary>What opens it again: a known name, or the folder's whole path; null where a program made it.</summary>
    public string? Source { get; private init; }

    /// <summary>Examples to train and validate on.</summary>
    public Examples Training { get; }

    /// <summary>Examples that only a final test sees.</summary>
    public Examples Test { get; }

    /// <summary>Class names in label order.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The size of one image.</summary>
    public ImageShape Shape => Training.Shape;

    /// <summary>SHA-256 over sizes, pixels and labels, in hexadecimal: the same content has the same fingerprint.</summary>
    public string Fingerprint { get; }

    /// <summary>Mean of each channel's pixels in the training examples, 0 to 1.</summary>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>Standard deviation of each channel's pixels in the training examples, above 0.</summary>
    public IReadOnlyList<double> StandardDeviation { get; }

    /// <summary>What makes it unlikely that anything is learned from it, one sentence each; usually none.</summary>
    public IReadOnlyList<string> Remarks { get; }

    /// <summary>Opens <c>fashion-mnist</c>, or any folder with the four IDX files of a data set.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder or data set.</exception>
    /// <exception cref="FileNotFoundException">A file of the data set is missing.</exception>
    /// <exception cref="Torch.Serialization.InvalidFileException">A file is not what it should be.</exception>
    public static Dataset Open(string nameOrFolder)
    {
        ArgumentNullException.ThrowIfNull(nameOrFolder);
        IdxFolder files = IdxFolder.Find(KnownDataset.Locate(nameOrFolder));
        IdxSplit training = IdxSplit.Read(files.TrainingImages, files.TrainingLabels);
        IdxSplit test = IdxSplit.Read(files.TestImages, files.TestLabels);
        IdxClasses classes = IdxClasses.Of(nameOrFolder, files, training.Labels, test.Labels);
        training.CheckLabels(classes.Names.Count, classes.First);
        test.CheckLabels(classes.Names.Count, classes.First);
        if ((training.Channels, training.Height, training.Width) != (test.Channels, test.Height, test.Width))
        {
            throw new Torch.Serialization.InvalidFileException(
                files.TestImages,
                $"Test images must have the size of the training images, {SizeOf(training)}. Received: {SizeOf(test)}.");
        }
        return new Dataset(Path.TrimEndingDirectorySeparator(nameOrFolder), Load(training, classes), Load(test, classes), classes.Names)
        {
            Source = KnownDataset.Named(nameOrFolder)?.Name ?? Path.TrimEndingDirectorySeparator(Path.GetFullPath(files.Folder)),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Training.Dispose();
        Test.Dispose();
    }

    static ImageShape SizeOf(IdxSplit split) => new(split.Channels, split.Height, split.Width);

    static Examples Load(IdxSplit split, IdxClasses classes) => new(split.Images.ToArray(), classes.FromZero(split.Labels), SizeOf(split));

    static string Hash(Examples training, Examples test)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> sizes = stackalloc byte[16];
        foreach (Examples split in new[] { training, test })
        {
            BinaryPrimitives.WriteInt32LittleEndian(sizes, split.Count);
            BinaryPrimitives.WriteInt32LittleEndian(sizes[4..], split.Shape.Channels);
            BinaryPrimitives.WriteInt32LittleEndian(sizes[8..], split.Shape.Height);
            BinaryPrimitives.WriteInt32LittleEndian(sizes[12..], split.Shape.Width);
            hash.AppendData(sizes);
            hash.AppendData(split.Images.ToArray<byte>());
            hash.AppendData(split.Labels);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    static IEnumerable<string> Remark(Examples training, IReadOnlyList<string> classes)
    {
        bool[] isSeen = new bool[256];
        foreach (byte label in training.Labels)
        {
            isSeen[label] = true;
        }
        string[] unseen = [.. classes.Where((_, label) => !isSeen[label])];
        if (unseen.Length > 0)
        {
            string names = string.Join(", ", unseen.Take(10)) + (unseen.Length > 10 ? $" and {unseen.Length - 10} more" : "");
            yield return $"Every class needs training examples. {unseen.Length} of {classes.Count} have none: {names}. " +
                "They will never be predicted; number the labels without a gap.";
        }
        byte[] pixels = training.Images.ToArray<byte>();
        ReadOnlyMemory<byte> first = pixels.AsMemory(0, training.Shape.Count);
        if (training.Count > 1 && Enumerable.Range(1, training.Count - 1).All(i => pixels.AsSpan(i * first.Length, first.Length).SequenceEqual(first.Span)))
        {
            yield return $"Images must differ, or nothing can be learned from them. All {training.Count} training images are equal.";
        }
    }

    static (double[] Means, double[] Deviations) Moments(Examples examples)
    {
        ImageShape shape = examples.Shape;
        int plane = shape.Height * shape.Width;
        byte[] pixels = examples.Images.ToArray<byte>();
        long[][] counts = [.. Enumerable.Range(0, shape.Channels).Select(_ => new long[256])];
        for (int start = 0; start < pixels.Length; start += plane)
        {
            long[] histogram = counts[start / plane % shape.Channels];
            foreach (byte pixel in pixels.AsSpan(start, plane))
            {
                histogram[pixel]++;
            }
        }
        double[] means = new double[shape.Channels];
        double[] deviations = new double[shape.Channels];
        for (int channel = 0; channel < shape.Channels; channel++)
        {
            double total = (double)plane * examples.Count;
            double sum = 0;
            double squares = 0;
            for (int value = 0; value < 256; value++)
            {
                sum += counts[channel][value] * (value / 255.0);
                squares += counts[channel][value] * (value / 255.0) * (value / 255.0);
            }
            means[channel] = sum / total;
            double variance = (squares / total) - (means[channel] * means[channel]);
            // Images of one flat colour have nothing to scale; 1 keeps them finite.
            deviations[channel] = variance > 1e-12 ? Math.Sqrt(variance) : 1;
        }
        return (means, deviations);
    }
}
