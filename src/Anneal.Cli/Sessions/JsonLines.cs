using Anneal.Events;

namespace Anneal.Cli.Sessions;

/// <summary>Writes each event as one line of JSON at once, so that a reader at the other end of a pipe sees it as it happens.</summary>
sealed class JsonLines(TextWriter writer) : IRunObserver
{
    public void See(TrainingEvent happened)
    {
        writer.Write(EventLines.Write(happened) + "\n");
        writer.Flush();
    }

    public void Dispose()
    {
    }
}
