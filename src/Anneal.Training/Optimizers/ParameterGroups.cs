using Anneal.Training.Modules;

namespace Anneal.Training.Optimizers;

/// <summary>Ways to divide a model's parameters into groups.</summary>
public static class ParameterGroups
{
    /// <summary>Weights decay; biases, and scales and shifts of normalization, do not (He et al. 2019, "Bag of tricks", section 3.1).</summary>
    /// <param name="parameters">Parameters by path, in the model's order.</param>
    /// <returns>Two groups, or one where all parameters are of one kind.</returns>
    public static IReadOnlyList<ParameterGroup> NoDecayOnBiasesAndNormalization(IEnumerable<KeyValuePair<string, Parameter>> parameters)
    {
        ILookup<bool, KeyValuePair<string, Parameter>> decays = parameters.ToLookup(named => named.Value.Role == ParameterRole.Weight);
        ParameterGroup[] groups =
        [
            new() { Parameters = [.. decays[true]] },
            new() { Parameters = [.. decays[false]], DecayFactor = 0 },
        ];
        return [.. groups.Where(group => group.Parameters.Count > 0)];
    }
}
