using Anneal.Randomness;

namespace Anneal.Training.Augmentation;

/// <summary>What a batch transform may use beside the batch: its own random numbers and the scheduled values of the step.</summary>
public sealed class BatchContext
{
    RandomStream random;

    /// <summary>A context for one transform and one batch.</summary>
    /// <param name="random">A stream keyed by seed, transform, epoch and batch, so that a resumed run draws the same.</param>
    /// <param name="values">Scheduled values by name at this step.</param>
    public BatchContext(RandomStream random, IReadOnlyDictionary<string, double> values)
    {
        this.random = random;
        Values = values;
    }

    /// <summary>The only source of randomness a transform may use.</summary>
    public ref RandomStream Random => ref random;

    /// <summary>Scheduled values by name at this step.</summary>
    public IReadOnlyDictionary<string, double> Values { get; }
}
