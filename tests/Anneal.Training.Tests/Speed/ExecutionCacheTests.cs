using Anneal.Runs;
using Anneal.Testing;
using Anneal.Training.Recipes;
using Anneal.Training.Speed;

namespace Anneal.Training.Tests.Speed;

public sealed class ExecutionCacheTests : IDisposable
{
    static readonly AskedExecution Nothing = new(null, null, null);
    static readonly ExecutionSettings Chosen = new(Precision.Bfloat16, Layout.ChannelsLast, 2);

    readonly TemporaryFolder folder = new();
    readonly StandingClock time = new();
    readonly ExecutionCache cache;

    public ExecutionCacheTests() => cache = new ExecutionCache(folder.File("cache"), time);

    [Fact]
    public void KeepsWhatWasMeasured()
    {
        Assert.Null(cache.Find("this", Nothing));
        Keep(0.1);
        (ExecutionSettings settings, ExecutionEvidence evidence) = cache.Find("this", Nothing)!.Value;
        Assert.Equal(Chosen, settings);
        Assert.Equal(("kept", 0.25, 0.1), (evidence.By, evidence.Measured.Single().Seconds, evidence.Load));
        Assert.Null(cache.Find("that", Nothing));
    }

    [Fact]
    public void AnswersANarrowerQuestionThatFits()
    {
        Keep(0);
        // A recipe that was recorded names what was chosen: trained again, it is computed on as many threads.
        Assert.Equal(Chosen, cache.Find("this", new("bfloat16", "channels-last", null))?.Settings);
        Assert.Equal(Chosen, cache.Find("this", new(null, null, 2))?.Settings);
        Assert.Null(cache.Find("this", new("float32", null, null)));
        Assert.Null(cache.Find("this", new(null, null, 1)));
        cache.Keep("narrow", new(null, null, 2), Chosen, Evidence(0));
        Assert.Null(cache.Find("narrow", Nothing));
    }

    [Theory]
    [InlineData(0.0, 29 * 24, true)]
    [InlineData(0.0, 31 * 24, false)]
    [InlineData(0.49, 29 * 24, true)]
    [InlineData(0.5, 0.9, true)]
    [InlineData(0.5, 1.1, false)]
    [InlineData(0.0, -1.0, false)]
    public void HoldsForAMonthOrWhereTheMachineWasBusyForAnHour(double load, double hours, bool holds)
    {
        Keep(load);
        time.Now += TimeSpan.FromHours(hours);
        Assert.Equal(holds, cache.Find("this", Nothing) is not null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{"key":"this","choices":null}""")]
    [InlineData("""{"key":"this","choices":[{"asked":{},"precision":"float64","layout":"contiguous","threads":1,"evidence":{"by":"measured","at":"2026-01-01T00:00:00+00:00"}}]}""")]
    [InlineData("""{"key":"this","choices":[{"asked":{},"precision":"float32","layout":"contiguous","threads":0,"evidence":{"by":"measured","at":"2026-01-01T00:00:00+00:00"}}]}""")]
    [InlineData("""{"key":"this","choices":[{"asked":{},"precision":"float32","layout":"contiguous","threads":1,"evidence":{"by":"measured"}}]}""")]
    [InlineData("""{"key":"this","choices":[null]}""")]
    [InlineData("""{"key":"that","choices":[{"asked":{},"precision":"float32","layout":"contiguous","threads":1,"evidence":{"by":"measured","at":"2026-01-01T00:00:00+00:00"}}]}""")]
    public void ADamagedFileIsNone(string text)
    {
        Keep(0);
        string file = Directory.GetFiles(cache.Folder).Single();
        File.WriteAllText(file, text);
        Assert.Null(cache.Find("this", Nothing));
        Keep(0);
        Assert.NotNull(cache.Find("this", Nothing));
        Assert.Single(Directory.GetFiles(cache.Folder));
    }

    [Fact]
    public void APlaceThatCannotBeWrittenIsNone()
    {
        File.WriteAllText(folder.File("file"), "");
        ExecutionCache nowhere = new(Path.Combine(folder.File("file"), "cache"), time);
        nowhere.Keep("this", Nothing, Chosen, Evidence(0));
        Assert.Null(nowhere.Find("this", Nothing));
    }

    [Fact]
    public void ManyWritersLeaveAWholeFile()
    {
        Parallel.For(0, 40, i => new ExecutionCache(cache.Folder, time).Keep("this", Nothing, Chosen with { Threads = (i % 2) + 1 }, Evidence(0)));
        Assert.NotNull(cache.Find("this", Nothing));
    }

    [Fact]
    public void IsWhereTheUserKeepsSuchThings()
    {
        Assert.Equal("/own", ExecutionCache.Place("/own", "/cache", "/home/me"));
        Assert.Equal("/cache/anneal", ExecutionCache.Place("", "/cache", "/home/me"));
        Assert.Equal("/home/me/.cache/anneal", ExecutionCache.Place(null, "relative", "/home/me"));
        Assert.Null(ExecutionCache.Place(null, null, null));
    }

    public void Dispose() => folder.Dispose();

    void Keep(double load) => cache.Keep("this", Nothing, Chosen, Evidence(load));

    ExecutionEvidence Evidence(double load) => new()
    {
        By = ExecutionEvidence.Measuring,
        At = time.Now,
        Load = load,
        Measured = [new() { Precision = "bfloat16", Layout = "channels-last", Threads = 2, Seconds = 0.25, Updates = 3 }],
    };
}
