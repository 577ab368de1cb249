namespace Anneal.Search;

/// <summary>Chooses the recipe of the next trial.</summary>
/// <remarks>A draw depends on its arguments only, not on which worker asked or when: a study killed and continued draws what it would have drawn.</remarks>
public interface ISampler
{
    /// <summary>The values of one trial: recipe key → value, in the space's order.</summary>
    /// <param name="space">What may vary.</param>
    /// <param name="seed">The study's seed.</param>
    /// <param name="trialNumber">The trial's number, counted from 1.</param>
    /// <param name="history">Earlier trials; a sampler that does not learn ignores them.</param>
    IReadOnlyDictionary<string, ParameterValue> Draw(SearchSpace space, ulong seed, int trialNumber, IReadOnlyList<TrialSnapshot> history);
}
