using Anneal.Durations;

namespace Anneal.Tests.Durations;

public class DurationTests
{
    static readonly RunLength Run = new(Steps: 1000, StepsPerEpoch: 100, BatchSize: 64);

    [Theory]
    [InlineData("30ep", "30ep", DurationUnit.Epochs, 30)]
    [InlineData("0.5ep", "0.5ep", DurationUnit.Epochs, 0.5)]
    [InlineData("500st", "500st", DurationUnit.Steps, 500)]
    [InlineData("500", "500st", DurationUnit.Steps, 500)]
    [InlineData("1e3", "1000st", DurationUnit.Steps, 1000)]
    [InlineData(" 2e3st ", "2000st", DurationUnit.Steps, 2000)]
    [InlineData("0.30run", "0.3run", DurationUnit.Run, 0.3)]
    [InlineData("1e-7run", "1e-7run", DurationUnit.Run, 1e-7)]
    [InlineData("20000samples", "20000samples", DurationUnit.Samples, 20000)]
    [InlineData("9007199254740992", "9007199254740992st", DurationUnit.Steps, 9007199254740992)]
    [InlineData("-0ep", "0ep", DurationUnit.Epochs, 0)]
    public void ReadsAnyUnitAndPrintsItsCanonicalForm(string text, string canonical, DurationUnit unit, double amount)
    {
        Duration duration = text;

        Assert.Equal((unit, amount), (duration.Unit, duration.Amount));
        Assert.Equal(canonical, duration.ToString());
        Assert.Equal(duration, Duration.Parse(canonical));
    }

    [Theory]
    [InlineData("", "A duration is a number with a unit")]
    [InlineData("ep", "A duration is a number with a unit")]
    [InlineData("1e999ep", "A duration is a number with a unit")]
    [InlineData("30 ep", "' ep' is not a unit of duration. Known: st, ep, run, samples.")]
    [InlineData("30epochs", "'epochs' is not a unit")]
    [InlineData("-1ep", "at least 0. Received: '-1ep'")]
    [InlineData("1.5", "Steps must be a whole number")]
    [InlineData("1.5st", "Steps must be a whole number")]
    [InlineData("9007199254740994", "at most 2^53")]
    [InlineData("0.5samples", "Samples must be a whole number")]
    [InlineData("1.01run", "between 0 and 1. Received: '1.01run'")]
    public void RejectsWhatIsNoDuration(string text, string message)
    {
        Assert.Contains(message, Assert.Throws<FormatException>(() => Duration.Parse(text)).Message);
        Assert.False(Duration.TryParse(text, out _));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("500st", 500)]
    [InlineData("3ep", 300)]
    [InlineData("0.125ep", 13)]
    [InlineData("0.124ep", 12)]
    [InlineData("0.3run", 300)]
    [InlineData("1run", 1000)]
    [InlineData("0samples", 0)]
    [InlineData("1samples", 1)]
    [InlineData("64samples", 1)]
    [InlineData("65samples", 2)]
    public void BecomesStepsInARun(string text, long steps) => Assert.Equal(steps, Duration.Parse(text).ToSteps(Run));

    [Fact]
    public void IsReadThroughItsFactoriesAsThroughItsText()
    {
        Assert.Equal("500st", Duration.Steps(500));
        Assert.Equal("2.5ep", Duration.Epochs(2.5));
        Assert.Equal("0.3run", Duration.RunFraction(0.3));
        Assert.Equal("20000samples", Duration.Samples(20000));
        Assert.Equal("0st", default(Duration));
    }

    [Fact]
    public void RejectsImpossibleAmountsFromCode()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Duration.Steps(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Duration.Steps((1L << 53) + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Duration.Samples(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Duration.Epochs(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Duration.Epochs(-0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Duration.RunFraction(1.1));
        Assert.Throws<OverflowException>(() => Duration.Epochs(1e15).ToSteps(Run));
    }

    [Fact]
    public void NeedsARunOfAtLeastOneStep()
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => new RunLength(0, 1, 1));
        Assert.Contains("Steps of a run must be at least 1. Received: Steps=0.", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RunLength(1, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RunLength(1, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Run with { BatchSize = -5 });
    }
}
