namespace Anneal.Events;

/// <summary>One pass over the training examples ended.</summary>
public sealed record EpochEnded : TrainingEvent
{
    /// <summary>The pass that ended, counted from 0.</summary>
    public required int Epoch { get; init; }

    /// <summary>Mean training loss over the pass, measured while the weights changed, with smoothing and mixing as trained.</summary>
    public required double TrainingLoss { get; init; }

    /// <summary>Share of training examples predicted right during the pass, 0 to 1, with augmentation as trained.</summary>
    public required double TrainingAccuracy { get; init; }

    /// <summary>Training examples processed per second over the pass.</summary>
    public required double ExamplesPerSecond { get; init; }
}
