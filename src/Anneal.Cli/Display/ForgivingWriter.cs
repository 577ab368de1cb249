namespace Anneal.Cli.Display;

/// <summary>Writes to somebody who may go away: a closed terminal costs the rest of the progress, and not the run.</summary>
sealed class ForgivingWriter(TextWriter inner) : GuardedWriter(inner)
{
    protected override void Refused(Exception why)
    {
        // There is nobody left to tell.
    }
}
