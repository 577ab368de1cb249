using Anneal.Torch;
using Anneal.Training.Modules;
using Anneal.Training.Optimizers;

namespace Anneal.Training.Tests.Optimizers;

public class ParameterGroupsTests
{
    [Fact]
    public void OnlyWeightsDecay()
    {
        using TensorScope scope = new();
        using Tensor a = Tensor.Ones([1]), b = Tensor.Ones([1]), c = Tensor.Ones([1]), d = Tensor.Ones([1]);

        IReadOnlyList<ParameterGroup> groups = ParameterGroups.NoDecayOnBiasesAndNormalization(
        [
            KeyValuePair.Create("conv.weight", new Parameter(a, ParameterRole.Weight)),
            KeyValuePair.Create("norm.weight", new Parameter(b, ParameterRole.Normalization)),
            KeyValuePair.Create("fc.weight", new Parameter(c, ParameterRole.Weight)),
            KeyValuePair.Create("fc.bias", new Parameter(d, ParameterRole.Bias)),
        ]);

        Assert.Equal(["conv.weight", "fc.weight"], groups[0].Parameters.Select(named => named.Key));
        Assert.Equal(["norm.weight", "fc.bias"], groups[1].Parameters.Select(named => named.Key));
        Assert.Equal([1, 0], groups.Select(group => group.DecayFactor));
        Assert.Equal([1, 1], groups.Select(group => group.RateFactor));
    }
}
