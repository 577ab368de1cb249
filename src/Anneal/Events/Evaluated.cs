namespace Anneal.Events;

/// <summary>The model was measured on examples it does not train on.</summary>
public sealed record Evaluated : TrainingEvent
{
    /// <summary>Which examples: <c>validation</c> or <c>test</c>.</summary>
    public required string Split { get; init; }

    /// <summary>Mean cross-entropy in nats, without smoothing.</summary>
    public required double Loss { get; init; }

    /// <summary>Share of examples predicted right, 0 to 1.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Examples measured.</summary>
    public required long Examples { get; init; }

    /// <summary>Passes over the training data ended before the measurement; a fraction where it fell inside one.</summary>
    public required double Epochs { get; init; }

    /// <summary>Whether averaged weights (EMA) were measured instead of the raw ones.</summary>
    public bool Averaged { get; init; }

    /// <summary>The statistics of normalization measured anew for this, where the running ones did not fit the weights; null where they did.</summary>
    public StatisticsRefresh? Statistics { get; init; }
}
