namespace Anneal.Training.Loop;

/// <summary>Why a run ends: the decision as a value.</summary>
/// <param name="Outcome"><c>completed</c>, <c>stopped</c>, <c>diverged</c> or <c>interrupted</c>.</param>
/// <param name="Reason">One sentence for a person.</param>
sealed record Ending(string Outcome, string Reason)
{
    /// <summary>Whether the state is worth going on from: that of a run that went astray is not.</summary>
    internal bool IsWorthSaving => Outcome != "diverged";

    /// <summary>Whether the run was asked to stop, and may go on later.</summary>
    internal bool IsInterruption => Outcome == "interrupted";

    internal static Ending Completed(long step) => new("completed", $"All {step} steps of the recipe are done.");

    internal static Ending OfNoUse { get; } = new(
        "diverged",
        "The trained model is of no use: Its scores are not all finite. " +
        "Try a third of the learning rate, a longer warmup, gradient clipping, or float32 precision.");

    internal static Ending Interrupted(long step) => new("interrupted", $"Asked to stop after step {step}; the run can be resumed.");
}
