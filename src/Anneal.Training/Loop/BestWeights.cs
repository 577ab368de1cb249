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
    internal void Keep()
    {
        using GradientMode.Restore unrecorded = GradientMode.Off();
        Checkpoint now = new(
            new Progress(), [.. state.Tensors().Select(named => KeyValuePair.Create(named.Key, TensorScope.Release(named.Value.Clone())))]);
        kept?.Dispose();
        kept = now;
    }

    /// <summary>Gives the model the weights that were kept.</summary>
    internal void Take() => state.TakeTensors("the best weights", kept!);

    public void Dispose() => kept?.Dispose();
}
