namespace Anneal.Cli.Machines;

/// <summary>The commit that a folder's repository is at, read from its files: no git is needed.</summary>
static class GitCommit
{
    /// <summary>The commit's hash; null outside a repository, or where it has none.</summary>
    internal static string? Of(string folder)
    {
        try
        {
            return Find(folder) is { } repository ? Resolve(repository, "HEAD", depth: 0) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    static string? Find(string folder)
    {
        for (DirectoryInfo? at = new(folder); at is not null; at = at.Parent)
        {
            string place = Path.Combine(at.FullName, ".git");
            if (Directory.Exists(place))
            {
                return place;
            }
            // A linked working tree has a file that says where its repository is.
            if (File.Exists(place) && File.ReadAllText(place).Trim() is ['g', 'i', 't', 'd', 'i', 'r', ':', .. string target])
            {
                return Path.GetFullPath(target.Trim(), at.FullName);
            }
        }
        return null;
    }

    static string? Resolve(string repository, string name, int depth)
    {
        string common = Path.Combine(repository, "commondir");
        string shared = File.Exists(common) ? Path.GetFullPath(File.ReadAllText(common).Trim(), repository) : repository;
        string? file = new[] { Path.Combine(repository, name), Path.Combine(shared, name) }.FirstOrDefault(File.Exists);
        if (file is null)
        {
            string packed = Path.Combine(shared, "packed-refs");
            return File.Exists(packed)
                ? File.ReadLines(packed).FirstOrDefault(line => line.EndsWith(" " + name, StringComparison.Ordinal))?.Split(' ')[0]
                : null;
        }
        string text = File.ReadAllText(file).Trim();
        // A name may lead to another a few times, never without end.
        return text.StartsWith("ref: ", StringComparison.Ordinal)
            ? depth < 5 ? Resolve(repository, text["ref: ".Length..], depth + 1) : null
            : text.Length > 0 && text.All(char.IsAsciiHexDigit) ? text : null;
    }
}
