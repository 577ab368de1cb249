using System.Diagnostics;
using Anneal.Durations;
using Anneal.Events;

namespace Anneal.Cli.Display;

/// <summary>One line every few seconds, for logs.</summary>
sealed class ProgressLines : ProgressDisplay
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    readonly RunProgress progress;
    long? writtenAt;

    internal ProgressLines(string title, RunLength length)
    {
        progress = new RunProgress(length);
        Console.Error.WriteLine(title);
    }

    internal override void Recall(IReadOnlyList<TrainingEvent> past)
    {
        foreach (TrainingEvent happened in past)
        {
            progress.See(happened);
        }
    }

    public override void See(TrainingEvent happened)
    {
        progress.See(happened);
        if (happened is RunResumed)
        {
            // The last event before may be of an earlier step than the checkpoint.
            Console.Error.WriteLine($"Going on from step {happened.Step}.");
        }
        bool due = writtenAt is not { } before || Stopwatch.GetElapsedTime(before) >= Pause;
        if (happened is RunEnded || (due && progress.Latest is not null && happened is StepEnded or Evaluated))
        {
            Console.Error.WriteLine(progress);
            writtenAt = Stopwatch.GetTimestamp();
        }
    }
}
