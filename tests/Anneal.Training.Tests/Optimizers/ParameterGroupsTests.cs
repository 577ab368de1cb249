using Anneal.Training.Modules;
using Anneal.Training.Optimizers;

namespace Anneal.Training.Tests.Optimizers;

public class ParameterGroupsTests
{
    [Fact]
    public void OnlyWeightsDecay()
    {
        using Module model = new Sequential(("conv", new Conv2d(1, 2, kernel: 3)), ("norm", new BatchNorm2d(2)), ("flat", new Flatten()), ("fc", new Linear(2, 3)));

        IReadOnlyList<ParameterGroup> groups = ParameterGroups.Of(model);

        Assert.Equal(["conv.weight", "fc.weight"], groups[0].Parameters.Select(named => named.Key));
        Assert.Equal(["norm.weight", "norm.bias", "fc.bias"], groups[1].Parameters.Select(named => named.Key));
        Assert.Equal([1, 0], groups.Select(group => group.DecayFactor));
        Assert.Equal([1, 1], groups.Select(group => group.RateFactor));
    }
}
