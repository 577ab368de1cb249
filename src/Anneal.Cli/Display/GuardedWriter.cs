using System.Text;

namespace Anneal.Cli.Display;

/// <summary>A writer that asks <see cref="Refused"/> what to do where another cannot be written.</summary>
abstract class GuardedWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    public override void Flush() => Try(inner.Flush);

    /// <summary>What follows from a write that failed. A descriptor that cannot be written is an <see cref="UnauthorizedAccessException"/> to .NET.</summary>
    protected abstract void Refused(Exception why);

    void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Refused(e);
        }
    }
}
