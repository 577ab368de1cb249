namespace Anneal.Training.Data.Idx;

/// <summary>A folder with the four IDX files of an image classification data set.</summary>
/// <remarks>
/// Names as MNIST and its kin have them: <c>train</c> and <c>t10k</c> or <c>test</c>, <c>images-idx3-ubyte</c> and
/// <c>labels-idx1-ubyte</c>, with a <c>.</c> in place of the <c>-</c> before <c>idx</c> too, each with <c>.gz</c> or without.
/// </remarks>
public sealed record IdxFolder
{
    static readonly string[] TrainingPrefixes = ["train"];
    static readonly string[] TestPrefixes = ["t10k", "test"];

    IdxFolder()
    {
    }

    /// <summary>The folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Path of the images to train on.</summary>
    public required string TrainingImages { get; init; }

    /// <summary>Path of their labels.</summary>
    public required string TrainingLabels { get; init; }

    /// <summary>Path of the images to test on.</summary>
    public required string TestImages { get; init; }

    /// <summary>Path of their labels.</summary>
    public required string TestLabels { get; init; }

    /// <summary>The four files of a folder.</summary>
    /// <exception cref="FileNotFoundException">One is missing; the message says what was looked for and what is there.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static IdxFolder Find(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"A data set must be a folder of IDX files. There is no folder '{folder}'.");
        }
        return new IdxFolder
        {
            Folder = folder,
            TrainingImages = FindFile(folder, "training images", TrainingPrefixes, "images", 3),
            TrainingLabels = FindFile(folder, "training labels", TrainingPrefixes, "labels", 1),
            TestImages = FindFile(folder, "test images", TestPrefixes, "images", 3),
            TestLabels = FindFile(folder, "test labels", TestPrefixes, "labels", 1),
        };
    }

    static string FindFile(string folder, string what, string[] prefixes, string content, int dimensions)
    {
        string[] names = [.. prefixes.SelectMany(prefix => new[] { $"{prefix}-{content}-idx{dimensions}-ubyte", $"{prefix}-{content}.idx{dimensions}-ubyte" })];
        string? found = names.SelectMany(name => new[] { name, name + ".gz" }).Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        if (found is not null)
        {
            return found;
        }
        string[] there = [.. Directory.EnumerateFileSystemEntries(folder).Take(20).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
        throw new FileNotFoundException(
            $"A folder of IDX files must have {what}. Looked for {string.Join(", ", names)} (each also with .gz) in '{folder}'. " +
            $"Found: {(there.Length == 0 ? "nothing" : string.Join(", ", there))}.");
    }
}
