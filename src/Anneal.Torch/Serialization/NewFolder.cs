using Anneal.Torch.Interop;

namespace Anneal.Torch.Serialization;

/// <summary>Takes a folder's name by making the folder: of several processes that want it, one gets it.</summary>
public static class NewFolder
{
    /// <summary>Makes the folder, and those above it where they are missing; or one with the first number from 2 on that is free.</summary>
    /// <param name="path">The wanted name; <c>-2</c>, <c>-3</c> and so on are added where it is taken.</param>
    /// <returns>The folder that was made, and that nobody else was given.</returns>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static string Claim(string path)
    {
        string full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full) ?? throw new ArgumentException($"A folder must have a name. Received: '{path}'.", nameof(path)));
        string name = full;
        for (int number = 2; !TryMake(name); number++)
        {
            name = $"{full}-{number}";
        }
        return name;
    }

    static bool TryMake(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            return Libc.TryMakeFolder(path);
        }
        bool isFree = !Path.Exists(path);
        Directory.CreateDirectory(path);
        return isFree;
    }
}
