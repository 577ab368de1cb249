using Anneal.Randomness;

namespace Anneal.Search;

/// <summary>Draws every dimension on its own. Where few of the dimensions matter, this tries more values of those than a grid.</summary>
/// <remarks>
/// Bergstra and Bengio, "Random Search for Hyper-Parameter Optimization", JMLR 13, 2012. A dimension's draw depends on
/// its name, not on what else varies: a study with one dimension more draws the same values for the old ones.
/// </remarks>
public sealed class RandomSampler : ISampler
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<string, ParameterValue> Draw(SearchSpace space, ulong seed, int trialNumber, IReadOnlyList<TrialSnapshot> history) =>
        space.Dimensions.ToDictionary(d => d.Name, d => d.At(new RandomStream(seed, "trial:" + d.Name, epoch: 0, index: trialNumber).NextDouble()));
}
