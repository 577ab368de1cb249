namespace Anneal.Durations;

/// <summary>How long a run is, which is what turns a <see cref="Duration"/> into steps.</summary>
/// <param name="Steps">Optimizer updates in the whole run; at least 1.</param>
/// <param name="StepsPerEpoch">Optimizer updates in one pass over the training data; at least 1.</param>
/// <param name="BatchSize">Examples per optimizer update, accumulation and processes included; at least 1.</param>
public readonly record struct RunLength(long Steps, long StepsPerEpoch, int BatchSize)
{
    /// <summary>Optimizer updates in the whole run; at least 1.</summary>
    public long Steps { get; init => field = AtLeastOne(value, nameof(Steps)); } = AtLeastOne(Steps, nameof(Steps));

    /// <summary>Optimizer updates in one pass over the training data; at least 1.</summary>
    public long StepsPerEpoch { get; init => field = AtLeastOne(value, nameof(StepsPerEpoch)); } = AtLeastOne(StepsPerEpoch, nameof(StepsPerEpoch));

    /// <summary>Examples per optimizer update, accumulation and processes included; at least 1.</summary>
    public int BatchSize { get; init => field = (int)AtLeastOne(value, nameof(BatchSize)); } = (int)AtLeastOne(BatchSize, nameof(BatchSize));

    static long AtLeastOne(long value, string name) => value >= 1
        ? value
        : throw new ArgumentOutOfRangeException(name, $"{name} of a run must be at least 1. Received: {name}={value}.");
}
