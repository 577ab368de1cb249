using Anneal.Calibration;
using Anneal.Cli.Display;
using Anneal.Events;
using Anneal.Metrics;

namespace Anneal.Cli.Tests.Display;

public class WordsTests
{
    static readonly TemperatureFit Fit = new()
    {
        Examples = 1410, Likeliest = 0.29, Shrunk = 0.58, Kept = true, Reason = "numbers", CrossValidatedBefore = 0.08,
    };

    [Fact]
    public void SayWhatATemperatureWasShrunkFrom() => Assert.Equal(
        "ECE 5.00 % → 1.00 % at temperature 0.58, shrunk from 0.29, the likeliest of 1,410 validation examples", Of(0.58, Fit));

    [Fact]
    public void SayNothingOfShrinkingWhereThereIsNone() =>
        Assert.Equal("ECE 5.00 % → 1.00 % at temperature 0.58", Of(0.58, Fit with { Likeliest = 0.58001 }));

    [Fact]
    public void SayWhyATemperatureIsNotKept() => Assert.Equal(
        "ECE 5.00 %; the likeliest temperature, 0.29, is not kept: numbers", Of(1, Fit with { Kept = false }));

    [Fact]
    public void SayWhyNoneWasFitted() => Assert.Equal(
        "ECE 5.00 %; a temperature is fitted on validation examples, of which the recipe sets none aside", Of(1, null));

    [Fact]
    public void ReadMeasurementsOfEarlierVersions() => Assert.Equal("ECE 5.00 % → 1.00 % at temperature 1.3", Of(1.3, null));

    [Fact]
    public void SayThatStatisticsDidNotFit() => Assert.Equal(
        "BatchNorm's running statistics do not fit the weights of step 20: with them the loss of 1,024 training examples is 1.016, " +
        "with each batch's own 0.3979. Statistics of these examples are measured and saved with instead, here and wherever it happens again; " +
        "the loss is then 0.4. What training goes on from is unchanged.",
        Words.Statistics(new StatisticsRefresh { Examples = 1024, RunningLoss = 1.016, BatchLoss = 0.3979, RefreshedLoss = 0.4 }, 20));

    static string Of(double temperature, TemperatureFit? fit) => Words.Calibration(new Evaluation
    {
        Split = "test", Examples = 1, Accuracy = 1, Loss = 0, Classes = [], Confusion = [], Mistakes = [], Samples = [],
        Temperature = temperature, Fit = fit, Before = Summary(0.05), After = Summary(0.01),
    });

    static CalibrationSummary Summary(double error) => new()
    {
        ExpectedCalibrationError = error, MaximumCalibrationError = 0, NegativeLogLikelihood = 0, BrierScore = 0, Bins = [],
    };
}
