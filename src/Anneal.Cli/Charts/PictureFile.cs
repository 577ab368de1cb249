namespace Anneal.Cli.Charts;

/// <summary>The file of <c>--svg</c>.</summary>
static class PictureFile
{
    /// <summary>Refuses a place where no file can be, before anything is computed for it.</summary>
    internal static void Require(string? path)
    {
        if (path is null)
        {
            return;
        }
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        string? why = path.Length == 0 ? "an empty name" : Directory.Exists(path) ? $"{path}, which is a folder"
            : Directory.Exists(folder) ? null : $"{path}, and there is no folder '{folder}'";
        if (why is not null)
        {
            throw new UsageException($"--svg must name a file in a folder that exists. Received: {why}.");
        }
    }

    internal static void Write(string path, string svg)
    {
        try
        {
            File.WriteAllText(path, svg);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"--svg must name a file that can be written. Received: {path}. {e.Message}", e);
        }
    }
}
