namespace Anneal.Training.Data.Idx;

/// <summary>A folder with the four IDX files of an image classification data set.</summary>
/// <remarks>
/// Names as MNIST and its kin have them: <c>train</c> and <c>t10k</c> or <c>test</c>, <c>images-idx3-ubyte</c> and
/// <c>labels-idx1-ubyte</c>, with a <c>.</c> in place of the <c>-</c> before <c>idx</c> too, each with <c>.gz</c> or without;
/// all four may have one beginning more, such as EMNIST's <c>emnist-letters-train-images-idx3-ubyte.gz</c>.
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

    /// <summary>Path of EMNIST's text file that says which characters a label stands for; null where there is none.</summary>
    public string? Mapping { get; init; }

    /// <summary>The four files of a folder.</summary>
    /// <exception cref="FileNotFoundException">One is missing; the message says what was looked for and what is there.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static IdxFolder Find(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"A data set must be a folder of IDX files. There is no folder '{folder}'.");
        }
        string own = OwnPrefix(folder);
        string mapping = Path.Combine(folder, $"{own}mapping.txt");
        return new IdxFolder
        {
            Folder = folder,
            TrainingImages = FindFile(folder, own, "training images", TrainingPrefixes, "images", 3),
            TrainingLabels = FindFile(folder, own, "training labels", TrainingPrefixes, "labels", 1),
            TestImages = FindFile(folder, own, "test images", TestPrefixes, "images", 3),
            TestLabels = FindFile(folder, own, "test labels", TestPrefixes, "labels", 1),
            Mapping = own.Length > 0 && File.Exists(mapping) ? mapping : null,
        };
    }

    // What stands before the usual names, such as "emnist-letters-"; empty where they stand alone.
    static string OwnPrefix(string folder)
    {
        string[] usual = [.. Names(TrainingPrefixes, "images", 3)];
        if (usual.Any(name => File.Exists(Path.Combine(folder, name))))
        {
            return "";
        }
        string[] prefixes =
        [
            .. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)!)
                .SelectMany(file => usual.Where(name => file.EndsWith("-" + name, StringComparison.Ordinal)).Select(name => file[..^name.Length]))
                .Distinct().Order(StringComparer.Ordinal),
        ];
        return prefixes.Length <= 1 ? prefixes.FirstOrDefault("") : throw new FileNotFoundException(
            $"A folder of IDX files must hold one data set. '{folder}' holds {prefixes.Length}: {string.Join(", ", prefixes.Select(prefix => prefix.TrimEnd('-')))}. " +
            "Give each a folder of its own.");
    }

    static IEnumerable<string> Names(string[] prefixes, string content, int dimensions) => prefixes
        .SelectMany(prefix => new[] { $"{prefix}-{content}-idx{dimensions}-ubyte", $"{prefix}-{content}.idx{dimensions}-ubyte" })
        .SelectMany(name => new[] { name, name + ".gz" });

    static string FindFile(string folder, string own, string what, string[] prefixes, string content, int dimensions)
    {
        string[] names = [.. prefixes.SelectMany(prefix => new[] { $"{own}{prefix}-{content}-idx{dimensions}-ubyte", $"{own}{prefix}-{content}.idx{dimensions}-ubyte" })];
        string? found = Names(prefixes, content, dimensions).Select(name => Path.Combine(folder, own + name)).FirstOrDefault(File.Exists);
        if (found is not null)
        {
            return found;
        }
        string[] there = [.. Directory.EnumerateFileSystemEntries(folder).Take(20).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
        throw new FileNotFoundException(
            $"A folder of IDX files must have {what}. Looked for {string.Join(", ", names)} (each also with .gz) in '{folder}'. " +
            $"Found: {(there.Length == 0 ? "nothing" : string.Join(", ", there))}.{OtherFormats.InFolder(folder)}");
    }
}
