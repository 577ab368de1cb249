using Anneal.Training.Modules;

namespace Anneal.Training.Rates;

/// <summary>The parts of a model whose rate is 0: they stay as they are.</summary>
static class FrozenParts
{
    static readonly ParameterRole[] Roles = Enum.GetValues<ParameterRole>();

    /// <summary>Freezes what the factors give a rate of 0, and lets go of what they do not.</summary>
    /// <remarks>
    /// A running statistic stays where its part is meant, not a kind of parameter: the factors must give 0 whatever role is asked
    /// for. A rate of 0 for biases and for scales and shifts of normalization leaves the statistics moving with the weights.
    /// </remarks>
    internal static void Set(Module model, IReadOnlyList<IRateFactor> factors)
    {
        IReadOnlyList<ParameterPlace> places = ParameterPlace.Of(model);
        ParameterPlace near = places.Count > 0 ? places[0] : default;
        int next = 0;
        foreach ((string path, Module part) in model.Modules())
        {
            bool all = part.OwnParameters.Count > 0 || part.OwnBuffers.Count > 0;
            foreach ((_, Parameter parameter) in part.OwnParameters)
            {
                near = places[next++];
                parameter.IsFrozen = Product(near) == 0;
                all &= parameter.IsFrozen;
            }
            foreach ((string name, _) in part.OwnBuffers)
            {
                ParameterPlace place = near with { Path = path.Length == 0 ? name : $"{path}.{name}" };
                all &= Array.TrueForAll(Roles, role => Product(place with { Role = role }) == 0);
            }
            part.IsFrozen = all;
        }

        double Product(ParameterPlace place) => factors.Aggregate(1.0, (product, factor) => product * (factor.Of(place) ?? 1));
    }
}
