namespace Anneal.Training.Data.Idx;

/// <summary>What to do with files that are data, and not of the format that is read.</summary>
static class OtherFormats
{
    const string Remedy = "They are not read as they are: write them as IDX files (docs/guide/getting-started.md, \"Your data\"), "
        + "or make a Dataset of their bytes in a program (docs/guide/own-techniques.md).";

    static readonly (string Words, string[] Extensions)[] Kinds =
    [
        ("pictures", [".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm"]),
        ("tables", [".csv", ".tsv", ".parquet", ".arff", ".xlsx", ".json", ".jsonl", ".libsvm"]),
        ("arrays", [".npy", ".npz", ".mat", ".h5", ".hdf5", ".pt", ".pth", ".pkl", ".pickle", ".tfrecord", ".bin"]),
        ("archives", [".zip", ".tar", ".tgz", ".rar", ".7z"]),
    ];

    /// <summary>A sentence on a file that was named where a data set was expected.</summary>
    internal static string OfFile(string path)
    {
        string name = Path.GetFileName(path);
        return IsIdx(name) ? $"Name its folder: {Path.GetDirectoryName(Path.GetFullPath(path))}."
            : KindOf(name) is { } kind ? $"It seems to hold {kind}. {Remedy}"
            : $"Name a folder of IDX files. {Remedy.Replace("They are", "Other formats are")}";
    }

    /// <summary>A sentence, with a space before it, on a folder without IDX files; empty where nothing in it tells.</summary>
    internal static string InFolder(string folder)
    {
        if (Below(folder, depth: 2) is { } nested)
        {
            return $" There are some in '{nested}': name that folder.";
        }
        // Pictures are often in a folder for each class, or for each part and class.
        IEnumerable<string> files = Files(folder, depth: 2).Take(1000);
        return files.Select(KindOf).OfType<string>().FirstOrDefault() is { } kind ? $" It seems to hold {kind}. {Remedy}" : "";
    }

    static bool IsIdx(string name) => name.Contains("-ubyte", StringComparison.OrdinalIgnoreCase) && name.Contains("idx", StringComparison.OrdinalIgnoreCase);

    static string? KindOf(string name) =>
        Kinds.FirstOrDefault(kind => kind.Extensions.Contains(Path.GetExtension(name).ToLowerInvariant())).Words;

    static string? Below(string folder, int depth) => depth == 0 ? null : Folders(folder)
        .Select(inner => Directory.EnumerateFiles(inner).Any(file => IsIdx(Path.GetFileName(file))) ? inner : Below(inner, depth - 1))
        .FirstOrDefault(found => found is not null);

    static IEnumerable<string> Files(string folder, int depth) => Directory.EnumerateFiles(folder)
        .Concat(depth == 0 ? [] : Folders(folder).SelectMany(inner => Files(inner, depth - 1)));

    // Only what can be read, and not the whole disk where somebody names its root.
    static IEnumerable<string> Folders(string folder) =>
        Directory.EnumerateDirectories(folder, "*", new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Take(50);
}
