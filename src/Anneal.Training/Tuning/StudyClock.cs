namespace Anneal.Training.Tuning;

/// <summary>How much of a study's budget is spent, over all its sessions.</summary>
sealed class StudyClock(TimeProvider time, TimeSpan budget, double spentBefore)
{
    readonly long startedAt = time.GetTimestamp();

    /// <summary>Seconds for everything, from the first step to the report.</summary>
    internal double Budget => budget.TotalSeconds;

    /// <summary>Seconds spent so far.</summary>
    internal double Spent => spentBefore + time.GetElapsedTime(startedAt).TotalSeconds;

    /// <summary>Seconds left, 0 at least.</summary>
    internal double Left => Math.Max(0, Budget - Spent);
}
