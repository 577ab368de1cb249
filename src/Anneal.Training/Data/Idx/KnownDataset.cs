using Anneal.Text;
using Anneal.Training.Recipes;

namespace Anneal.Training.Data.Idx;

/// <summary>A data set that is known by name: where it is installed, what its classes are called.</summary>
public sealed record KnownDataset
{
    /// <summary>The environment variable that names a folder with a folder for each data set.</summary>
    public const string FolderVariable = "ANNEAL_DATA";

    KnownDataset()
    {
    }

    /// <summary>What a recipe calls it.</summary>
    public required string Name { get; init; }

    /// <summary>Where its package puts it.</summary>
    public required string Folder { get; init; }

    /// <summary>The Debian package that has it.</summary>
    public required string Package { get; init; }

    /// <summary>What its labels mean, in label order.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Zalando's photographs of clothes: 60,000 and 10,000 grey images of 28×28 (Xiao et al. 2017, arXiv:1708.07747).</summary>
    public static KnownDataset FashionMnist { get; } = new()
    {
        Name = "fashion-mnist",
        Folder = "/usr/share/datasets/fashion-mnist",
        Package = "dataset-fashion-mnist",
        Classes = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
    };

    /// <summary>All that are known.</summary>
    public static IReadOnlyList<KnownDataset> All { get; } = [FashionMnist];

    /// <summary>The known data set of a name, or null.</summary>
    public static KnownDataset? Named(string name) => All.FirstOrDefault(known => known.Name == Given.Value(name));

    /// <summary>Where a data set is: a folder by its path, or by its name in <c>ANNEAL_DATA</c> or where its package puts it.</summary>
    /// <param name="nameOrFolder">What the recipe says.</param>
    /// <exception cref="DirectoryNotFoundException">It is in none of these places; the message says which were tried.</exception>
    public static string Locate(string nameOrFolder) => Locate(nameOrFolder, Environment.GetEnvironmentVariable(FolderVariable));

    /// <summary>Where a data set is, with the folder of data sets given.</summary>
    /// <param name="nameOrFolder">What the recipe says.</param>
    /// <param name="dataFolder">A folder with a folder for each data set; null or empty for none.</param>
    /// <exception cref="DirectoryNotFoundException">It is in none of the places; the message says which were tried.</exception>
    public static string Locate(string nameOrFolder, string? dataFolder)
    {
        ArgumentNullException.ThrowIfNull(nameOrFolder);
        if (nameOrFolder == Recipe.InMemory)
        {
            throw new DirectoryNotFoundException(
                "Data that was in the memory of a program is in no file. Give it as a folder of IDX files: evaluate --data FOLDER, resume --set data=FOLDER.");
        }
        KnownDataset? known = Named(nameOrFolder);
        IReadOnlyList<string> places = Places(nameOrFolder, dataFolder);
        if (places.FirstOrDefault(Directory.Exists) is string folder)
        {
            return folder;
        }
        if (File.Exists(nameOrFolder))
        {
            throw new DirectoryNotFoundException(
                $"A data set must be {All[0].Name} or a folder of IDX files. Received: '{nameOrFolder}', which is a file. {OtherFormats.OfFile(nameOrFolder)}");
        }
        string meant = known is null && Meant(nameOrFolder) is { } closest ? $" Did you mean '{closest}'?" : "";
        string remedy = known is null
            ? $"Known by name: {string.Join(", ", All.Select(each => each.Name))}. Or give a folder of IDX files."
            : $"Install the package {known.Package}, or set {FolderVariable} to a folder that has a folder {known.Name}.";
        throw new DirectoryNotFoundException($"No data set '{nameOrFolder}'.{meant} Looked in: {string.Join(", ", places)}. {remedy}");
    }

    /// <summary>Where a data set is; null where there is none of that name, and no such folder.</summary>
    public static string? Find(string nameOrFolder) =>
        Places(nameOrFolder, Environment.GetEnvironmentVariable(FolderVariable)).FirstOrDefault(Directory.Exists);

    // Names are written in many ways: Fashion-MNIST, FashionMNIST, fashion_mnist.
    static string? Meant(string given)
    {
        string plain = Plain(given);
        return All.FirstOrDefault(known => Plain(known.Name) == plain)?.Name ?? Suggestion.Closest(given, All.Select(known => known.Name));

        static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
    }

    static IReadOnlyList<string> Places(string nameOrFolder, string? dataFolder)
    {
        // A known name means the data set, also where the working folder happens to hold something of that name.
        string own = Named(nameOrFolder)?.Folder ?? nameOrFolder;
        return string.IsNullOrEmpty(dataFolder) ? [own] : [Path.Combine(dataFolder, nameOrFolder), own];
    }
}
