using Anneal.Events;
using Anneal.Tests.Stopping;

namespace Anneal.Tests.Events;

public class RunMetricTests
{
    static readonly TrainingEvent[] Events = [History.Validation(5, 0.4, loss: 2), History.Epoch(0, loss: 1.5), History.Test(10, 0.9), History.Validation(10, 0.6, loss: 1)];

    [Theory]
    [InlineData("training-loss", new[] { 1.5 })]
    [InlineData("training-accuracy", new[] { 0.5 })]
    [InlineData("validation-loss", new[] { 2.0, 1.0 })]
    [InlineData("validation-accuracy", new[] { 0.4, 0.6 })]
    public void ReadsEveryMetricByItsName(string name, double[] expected) =>
        Assert.Equal(expected, RunMetric.Read(Events, name).Select(v => v.Value));

    [Fact]
    public void TakesAveragedWeightsForTheRawOnesWhereBothAreMeasured() =>
        Assert.Equal([0.7], RunMetric.Read([.. Events, History.Validation(10, 0.7, averaged: true)], "validation-accuracy").Select(v => v.Value));

    [Fact]
    public void KnowsAllItsNames() => Assert.All(RunMetric.Names, name => Assert.NotEmpty(RunMetric.Read(Events, name)));
}
