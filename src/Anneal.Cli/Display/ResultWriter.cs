namespace Anneal.Cli.Display;

/// <summary>Writes results to standard output. Where they cannot be written, it says so in words of its own.</summary>
sealed class ResultWriter(TextWriter inner) : GuardedWriter(inner)
{
    protected override void Refused(Exception why)
    {
        // .NET's words for a descriptor that cannot be written speak of a path, and name none.
        string words = why is UnauthorizedAccessException ? "it is not open for writing" : why.Message.TrimEnd('.');
        throw new IOException($"Standard output must take the results. Received: {words}. Send them elsewhere, such as to a file with > FILE.", why);
    }
}
