using Anneal.Events;
using Anneal.Torch;
using Anneal.Training.Checkpoints;

namespace Anneal.Training.Loop;

/// <summary>A copy of the best weights so far, for a run that ends with them.</summary>
/// <param name="state">The run's state.</param>
sealed class BestWeights(RunState state) : IDisposable
{
    Checkpoint? kept;

    /// <summary>Whether there are any.</summary>
    internal bool AreKept => kept is not null;

    /// <summary>Keeps those of this moment in place of those before.</summary>
    /// <param name="refresh">What told that their running statistics do not fit; null where they do.</param>
    internal void Keep(StatisticsRefresh? refresh)
    {
        using GradientMode.Restore unrecorded = GradientMode.Off();
        Checkpoint now = new(
            new Progress { Statistics = refresh }, [.. state.TensorsToKeep().Select(named => KeyValuePair.Create(named.Key, TensorScope.Release(named.Value.Clone())))]);
        kept?.Dispose();
        kept = now;
    }

    /// <summary>Gives the model the weights that were kept, and says what told that their running statistics do not fit.</summary>
    internal StatisticsRefresh? Take()
    {
        state.TakeTensors("the best weights", kept!);
        return kept!.Progress.Statistics;
    }

    public void Dispose() => kept?.Dispose();
}
