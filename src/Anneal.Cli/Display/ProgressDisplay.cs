using Anneal.Cli.Sessions;
using Anneal.Durations;
using Anneal.Events;

namespace Anneal.Cli.Display;

/// <summary>Shows a person how a run goes on, on standard error.</summary>
abstract class ProgressDisplay : IRunObserver
{
    /// <summary>The display that fits where standard error goes to.</summary>
    /// <param name="title">What is trained.</param>
    /// <param name="length">The run's length.</param>
    /// <param name="quiet">Whether only notices are shown.</param>
    internal static ProgressDisplay For(string title, RunLength length, bool quiet) =>
        quiet ? new NoticesOnly() : Terminal.IsLive ? new LiveProgress(title, length) : new ProgressLines(title, length);

    public abstract void See(TrainingEvent happened);

    /// <summary>Takes in what happened before the run is taken up again.</summary>
    internal virtual void Recall(IReadOnlyList<TrainingEvent> past)
    {
        foreach (TrainingEvent happened in past)
        {
            See(happened);
        }
    }

    /// <summary>Says something once.</summary>
    internal virtual void Say(string notice) => Terminal.WriteError(notice);

    public virtual void Dispose()
    {
    }

    sealed class NoticesOnly : ProgressDisplay
    {
        public override void See(TrainingEvent happened)
        {
        }
    }
}
