namespace Anneal.Stopping;

/// <summary>Why a run should end.</summary>
/// <param name="Outcome">The outcome for <c>RunEnded</c>: <c>stopped</c>, or <c>diverged</c> (exit code 4).</param>
/// <param name="Reason">One sentence for a person.</param>
public sealed record StopReason(string Outcome, string Reason)
{
    /// <summary>The run did what it could.</summary>
    public static StopReason Stopped(string reason) => new("stopped", reason);

    /// <summary>The run cannot go on as it is.</summary>
    public static StopReason Diverged(string reason) => new("diverged", reason);
}
