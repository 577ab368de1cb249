namespace Anneal.Search;

/// <summary>Decides whether a trial is worth training on.</summary>
/// <remarks>A pruner keeps no state: the same trials give the same decision.</remarks>
public interface IPruner
{
    /// <summary>Why to end the trial now; null to go on. Asked after each of its intermediate values.</summary>
    /// <param name="trial">The trial with its latest value.</param>
    /// <param name="others">All other trials of the study, in any state.</param>
    PruneReason? Decide(TrialSnapshot trial, IReadOnlyList<TrialSnapshot> others);
}

/// <summary>Why a trial is ended early.</summary>
/// <param name="Reason">One sentence with the numbers.</param>
public sealed record PruneReason(string Reason);
