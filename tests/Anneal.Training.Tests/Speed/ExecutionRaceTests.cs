using Anneal.Runs;
using Anneal.Training.Recipes;
using Anneal.Training.Speed;

namespace Anneal.Training.Tests.Speed;

public class ExecutionRaceTests
{
    static readonly ExecutionSettings Half = new(Precision.Bfloat16, Layout.ChannelsLast, 2);
    static readonly ExecutionSettings Single = Half with { Precision = Precision.Float32 };

    static readonly ExecutionQuestion Everything = new()
    {
        Precisions = [Precision.Float32, Precision.Bfloat16],
        Layouts = [Layout.Contiguous, Layout.ChannelsLast],
        Threads = [1, 2],
        Rule = Half,
    };

    [Fact]
    public void TakesTheFastest()
    {
        Assert.Equal(Half, Choose(new() { [Half] = 0.010, [Half with { Threads = 1 }] = 0.019, [Single] = 0.015, [Single with { Threads = 1 }] = 0.029 }));
        Assert.Equal(Single, Choose(new() { [Half] = 0.015, [Half with { Threads = 1 }] = 0.019, [Single] = 0.010, [Single with { Threads = 1 }] = 0.029 }));
        ExecutionSettings contiguous = Single with { Layout = Layout.Contiguous, Threads = 1 };
        Assert.Equal(contiguous, Choose(new() { [Half] = 0.020, [Half with { Threads = 1 }] = 0.020, [Single] = 0.019, [Single with { Threads = 1 }] = 0.016, [contiguous] = 0.012 }));
    }

    [Fact]
    public void TakesOneThreadForSmallNetworksAndTriesNoMore()
    {
        FakeTimer timer = new(new() { [Half with { Threads = 1 }] = 0.0002, [Single with { Threads = 1 }] = 0.0001 }, 0.0003);
        Assert.Equal(Single with { Threads = 1 }, new ExecutionRace(timer, 1_000_000).Decide(Everything).Chosen);
        Assert.All(timer.Calls, settings => Assert.Equal(1, settings.Threads));
        // So short an update is measured in well under the two seconds.
        Assert.InRange(timer.Spent, 0, 0.1);
    }

    [Theory]
    [InlineData(0.0104, 1)]
    [InlineData(0.0106, 2)]
    public void TakesFewerThreadsUnlessMoreGainFivePerCent(double one, int expected) =>
        Assert.Equal(Half with { Threads = expected }, Choose(new() { [Half] = 0.010, [Half with { Threads = 1 }] = one }));

    [Theory]
    [InlineData(0.01025, Precision.Float32)]
    [InlineData(0.0104, Precision.Bfloat16)]
    public void TakesSinglePrecisionUnlessBFloat16GainsThreePerCent(double single, Precision expected) =>
        Assert.Equal(Half with { Precision = expected }, Choose(new() { [Half] = 0.010, [Half with { Threads = 1 }] = 0.03, [Single] = single, [Single with { Threads = 1 }] = 0.03 }));

    [Fact]
    public void TakesTheUsualLayoutWhereTheOtherGainsNothing() =>
        Assert.Equal(Half, Choose(new() { [Half] = 0.010, [Half with { Layout = Layout.Contiguous }] = 0.0098 }));

    [Fact]
    public void KeepsToWhatIsFixed()
    {
        FakeTimer timer = new([], 0.01);
        ExecutionQuestion question = Everything with { Precisions = [Precision.Float32], Layouts = [Layout.Contiguous], Rule = new(Precision.Float32, Layout.Contiguous, 1) };
        _ = new ExecutionRace(timer, 1_000_000).Decide(question);
        Assert.Equal([new(Precision.Float32, Layout.Contiguous, 1), new(Precision.Float32, Layout.Contiguous, 2)], timer.Calls.Distinct());
        FakeTimer one = new([], 0.01);
        _ = new ExecutionRace(one, 1_000_000).Decide(Everything with { Threads = [1], Rule = Half with { Threads = 1 } });
        Assert.All(one.Calls, settings => Assert.Equal(1, settings.Threads));
    }

    [Fact]
    public void OtherWorkThatComesAndGoesSlowsAllAlike()
    {
        // Twice as slow in every other half second: the order of the medians stays.
        FakeTimer timer = new(new() { [Half] = 0.010, [Half with { Threads = 1 }] = 0.013, [Single] = 0.0125, [Single with { Threads = 1 }] = 0.02 })
        {
            Slowdown = seconds => (long)(seconds / 0.02) % 2 == 0 ? 2 : 1,
        };
        Assert.Equal(Half, new ExecutionRace(timer, 1_000_000).Decide(Everything).Chosen);
    }

    [Fact]
    public void FirstUpdatesWhichCompileDoNotCount()
    {
        FakeTimer timer = new(new() { [Half] = 0.010, [Half with { Threads = 1 }] = 0.02 }, 0.03) { First = 0.2 };
        (ExecutionSettings chosen, IReadOnlyList<MeasuredUpdate> measured) = new ExecutionRace(timer, 1_000_000).Decide(Everything);
        Assert.Equal(Half, chosen);
        Assert.Equal(0.010, measured[0].Seconds, 1e-12);
    }

    [Fact]
    public void ThreadsThatCollapseCostOneUpdate()
    {
        // Two threads beside another process: seconds in place of a fifth of one.
        FakeTimer timer = new(new() { [Half with { Threads = 1 }] = 0.2, [Single with { Threads = 1 }] = 0.5, [Single] = 0.4 }, 3);
        Assert.Equal(Half with { Threads = 1 }, new ExecutionRace(timer, 1_000_000).Decide(Everything).Chosen);
        Assert.Single(timer.Calls, settings => settings == Half);
    }

    [Theory]
    [InlineData(0.0002)]
    [InlineData(0.004)]
    [InlineData(0.1)]
    [InlineData(0.4)]
    public void MeasuresForTwoSecondsAndTheLastTurnAtMost(double update)
    {
        FakeTimer timer = new([], update);
        _ = new ExecutionRace(timer, 1_000_000).Decide(Everything);
        Assert.InRange(timer.Spent, 0, ExecutionRace.MostSeconds + 0.5 + (4 * update));
    }

    [Fact]
    public void MeasuresForAShareOfAShortRunAtMost()
    {
        // 2,000 updates of 5 ms are ten seconds.
        FakeTimer timer = new([], 0.005);
        _ = new ExecutionRace(timer, 2_000).Decide(Everything);
        Assert.InRange(timer.Spent, 0, (ExecutionRace.MostShare * 10) + 0.25);
    }

    [Fact]
    public void ThreadsThatWereCalledHaveTimeToFindTheirPlaces()
    {
        // The first tenth of a second after a change of threads is slow.
        FakeTimer timer = new(new() { [Half] = 0.003, [Half with { Threads = 1 }] = 0.006 }, 0.03) { AfterCall = 0.024, AfterCallSeconds = 0.15 };
        (ExecutionSettings chosen, IReadOnlyList<MeasuredUpdate> measured) = new ExecutionRace(timer, 1_000_000).Decide(Everything);
        Assert.Equal(Half, chosen);
        Assert.Equal(0.003, measured[0].Seconds, 1e-12);
    }

    [Fact]
    public void TriesNumbersOfThreadsBetweenOneAndAll()
    {
        Assert.Equal([1, 2, 4, 8, 12], ExecutionQuestion.ThreadsUpTo(12));
        Assert.Equal([1, 2, 4, 8], ExecutionQuestion.ThreadsUpTo(8));
        Assert.Equal([1], ExecutionQuestion.ThreadsUpTo(1));
        FakeTimer timer = new(new() { [Half with { Threads = 1 }] = 0.02, [Half with { Threads = 4 }] = 0.006, [Half with { Threads = 12 }] = 0.009 }, 0.015);
        ExecutionQuestion question = Everything with { Threads = ExecutionQuestion.ThreadsUpTo(12), Rule = Half with { Threads = 12 } };
        Assert.Equal(Half with { Threads = 4 }, new ExecutionRace(timer, 1_000_000).Decide(question).Chosen);
    }

    [Fact]
    public void TellsWhatWasMeasuredWithTheChosenOneFirst()
    {
        FakeTimer timer = new(new() { [Half with { Threads = 1 }] = 0.0102, [Half] = 0.010 }, 0.012);
        (ExecutionSettings chosen, IReadOnlyList<MeasuredUpdate> measured) = new ExecutionRace(timer, 1_000_000).Decide(Everything);
        Assert.Equal(Half with { Threads = 1 }, chosen);
        Assert.Equal(("bfloat16", "channels-last", 1, 0.0102), (measured[0].Precision, measured[0].Layout, measured[0].Threads, Math.Round(measured[0].Seconds, 12)));
        Assert.Equal(("bfloat16", "channels-last", 2, 0.010), (measured[1].Precision, measured[1].Layout, measured[1].Threads, Math.Round(measured[1].Seconds, 12)));
        Assert.True(measured[0].Updates >= ExecutionRace.Rounds);
    }

    static ExecutionSettings Choose(Dictionary<ExecutionSettings, double> seconds) => new ExecutionRace(new FakeTimer(seconds), 1_000_000).Decide(Everything).Chosen;
}
