using System.Text;

namespace Anneal.Cli.Display;

/// <summary>Writes results to standard output. Where they cannot be written, it says so in words of its own.</summary>
sealed class ResultWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    public override void Flush() => Try(inner.Flush);

    static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // .NET's words for a descriptor that cannot be written speak of a path, and name none.
            string why = e is UnauthorizedAccessException ? "it is not open for writing" : e.Message.TrimEnd('.');
            throw new IOException($"Standard output must take the results. Received: {why}. Send them elsewhere, such as to a file with > FILE.", e);
        }
    }
}
