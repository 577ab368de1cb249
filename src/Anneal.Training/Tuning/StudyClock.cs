namespace Anneal.Training.Tuning;

/// <summary>How much of a study's budget is spent, over all its sessions.</summary>
sealed class StudyClock(TimeProvider time, TimeSpan budget, double spentBefore)
{
    // What the system's timers can wait for.
    const double LongestWait = 4e6;

    readonly long startedAt = time.GetTimestamp();

    /// <summary>Seconds for everything, from the first step to the report.</summary>
    internal double Budget => budget.TotalSeconds;

    /// <summary>Seconds spent so far.</summary>
    internal double Spent => spentBefore + time.GetElapsedTime(startedAt).TotalSeconds;

    /// <summary>What is cancelled when so many seconds are spent, at once where they are already.</summary>
    internal CancellationTokenSource At(double spent) =>
        new(TimeSpan.FromSeconds(Math.Clamp(spent - Spent, 0, LongestWait)), time);
}
