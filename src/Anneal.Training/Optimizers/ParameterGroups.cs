using Anneal.Text;
using Anneal.Training.Modules;
using Anneal.Training.Rates;

namespace Anneal.Training.Optimizers;

/// <summary>Divides a model's parameters into groups.</summary>
public static class ParameterGroups
{
    /// <summary>Weights decay; biases, and scales and shifts of normalization, do not (He et al. 2019, "Bag of tricks", section 3.1). Rates are as the factors say.</summary>
    /// <param name="model">Whose parameters.</param>
    /// <param name="factors">They multiply each other; none leaves every rate as it is.</param>
    /// <returns>A group for each pair of rate and decay, in the model's order.</returns>
    /// <exception cref="ArgumentException">A factor applies to no parameter.</exception>
    public static IReadOnlyList<ParameterGroup> Of(Module model, params IReadOnlyList<IRateFactor> factors)
    {
        IReadOnlyList<ParameterPlace> places = ParameterPlace.Of(model);
        foreach (IRateFactor factor in factors)
        {
            if (places.All(place => factor.Of(place) is null))
            {
                string[] parts = [.. model.Children.Where(child => child.Value.Parameters().Any()).Select(child => child.Key)];
                string meant = factor is PathRate { Path: var path } && Suggestion.Closest(path, parts) is { } closest ? $" Did you mean '{closest}'?" : "";
                throw new ArgumentException($"A rate factor must apply to a parameter of the model. Received: {factor}.{meant} Parts of this model: {string.Join(", ", parts)}.");
            }
        }
        return
        [
            .. model.Parameters()
                .Zip(places, (named, place) => (
                    Named: named,
                    Rate: RateOf(place, factors),
                    Decay: named.Value.Role == ParameterRole.Weight ? 1.0 : 0.0))
                .GroupBy(one => (one.Rate, one.Decay))
                .Select(group => new ParameterGroup
                {
                    Parameters = [.. group.Select(one => one.Named)],
                    RateFactor = group.Key.Rate,
                    DecayFactor = group.Key.Decay,
                }),
        ];
    }

    static double RateOf(ParameterPlace place, IReadOnlyList<IRateFactor> factors)
    {
        double rate = factors.Aggregate(1.0, (product, factor) => product * (factor.Of(place) ?? 1));
        return double.IsFinite(rate)
            ? rate
            : throw new ArgumentException($"The rate factors of a parameter must multiply to a finite number. Received: {rate} for {place.Path}.");
    }
}
