namespace Anneal.Training.Recipes;

/// <summary>Which weights a finished run's model has.</summary>
/// <remarks>
/// The best instead of the last is what early stopping is about: Goodfellow, Bengio and Courville, "Deep Learning", 2016,
/// algorithm 7.1. Where a schedule anneals to its end, the last are the better ones, and the validation examples chose nothing.
/// </remarks>
public enum FinalWeights
{
    /// <summary>Those of the last step.</summary>
    Last,

    /// <summary>Those of the checkpoint with the best measurement.</summary>
    Best,
}
