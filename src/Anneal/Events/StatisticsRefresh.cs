namespace Anneal.Events;

/// <summary>BatchNorm's running statistics did not fit the weights: others were measured on training examples and used in their place.</summary>
/// <remarks>
/// Under a high rate the running statistics lag the weights, and those averaged along the way fit averaged weights even less.
/// All three losses are mean cross-entropies in nats of the same training examples, without augmentation.
/// </remarks>
public sealed record StatisticsRefresh
{
    /// <summary>Training examples measured.</summary>
    public required int Examples { get; init; }

    /// <summary>The loss with the running statistics.</summary>
    public required double RunningLoss { get; init; }

    /// <summary>The loss with each batch's own statistics, as training sees it.</summary>
    public required double BatchLoss { get; init; }

    /// <summary>The loss with the refreshed statistics.</summary>
    public required double RefreshedLoss { get; init; }
}
