using Anneal.Events;

namespace Anneal.Stopping;

/// <summary>Several rules as one: the first, in their order, that wants to stop gives the reason.</summary>
/// <param name="rules">The rules; none of them means to go on for ever.</param>
public sealed class FirstToStop(params IReadOnlyList<IStopRule> rules) : IStopRule
{
    /// <inheritdoc/>
    public StopReason? Decide(IReadOnlyList<TrainingEvent> history) =>
        rules.Select(rule => rule.Decide(history)).FirstOrDefault(reason => reason is not null);
}
