using Anneal.Durations;
using Anneal.Runs;
using Anneal.Testing;
using Anneal.Torch;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Models;
using Anneal.Training.Recipes;
using Anneal.Training.Speed;
using Anneal.Training.Tests.Samples;

namespace Anneal.Training.Tests.Speed;

public sealed class ExecutionProbeTests : IDisposable
{
    // Long enough to be worth measuring; nothing here trains it.
    static readonly Recipe Long = Small.Recipe with { Precision = Precision.Float32, Duration = Duration.Steps(1_000_000) };

    readonly TemporaryFolder folder = new();
    readonly Dataset data = SmallData.Striped();
    readonly StandingClock time = new();
    readonly List<FakeTimer> timers = [];

    [Fact]
    public void MeasuresWhatIsLeftOpen()
    {
        ExecutionChoice choice = Probe().Choose(Long, data);
        Assert.Equal(new(Precision.Float32, Layout.Contiguous, 2), choice.Settings);
        Assert.Equal((ExecutionEvidence.Measuring, time.Now, 0.3), (choice.Evidence.By, choice.Evidence.At, choice.Evidence.Load));
        Assert.Equal([2, 1], choice.Evidence.Measured.Select(measured => measured.Threads));
        Assert.Equal((Precision.Float32, Layout.Contiguous), (choice.Apply(Long).Precision, choice.Apply(Long).Layout));
    }

    [Fact]
    public void MeasuresOnce()
    {
        ExecutionCache cache = new(folder.Path, time);
        ExecutionSettings chosen = Probe(cache).Choose(Long, data).Settings;
        ExecutionChoice again = Probe(cache).Choose(Long with { Seed = 8, LearningRate = 0.2, Duration = Duration.Epochs(1) }, data);
        Assert.Single(timers);
        Assert.Equal((chosen, ExecutionEvidence.Kept), (again.Settings, again.Evidence.By));
        // The recipe as a run records it.
        Assert.Equal(chosen, Probe(cache).Choose(again.Apply(Long), data).Settings);
        Assert.Single(timers);
        _ = Probe(cache).Choose(Long with { BatchSize = 11 }, data);
        _ = Probe(cache).Choose(Long with { Model = new Mlp { Hidden = [9] } }, data);
        _ = Probe(cache, machine: "another").Choose(Long, data);
        Assert.Equal(4, timers.Count);
    }

    [Fact]
    public void MeasuresAnewWhereNothingIsKept()
    {
        _ = Probe().Choose(Long, data);
        _ = Probe().Choose(Long, data);
        Assert.Equal(2, timers.Count);
    }

    [Fact]
    public void MeasuresTechniquesWithoutANameEachTime()
    {
        ExecutionCache cache = new(folder.Path, time);
        Recipe own = Long with { Model = new OwnModel() };
        _ = Probe(cache).Choose(own, data);
        _ = Probe(cache).Choose(own, data);
        Assert.Equal(2, timers.Count);
    }

    [Fact]
    public void TakesARuleOfThumbForShortRuns()
    {
        ExecutionChoice choice = Probe().Choose(Small.Recipe, data);
        Assert.Equal((1, ExecutionEvidence.Rule), (choice.Settings.Threads, choice.Evidence.By));
        // A large model, two updates of it.
        choice = Probe().Choose(Small.Recipe with { Model = new Mlp { Hidden = [2048, 2048] }, Duration = Duration.Steps(2) }, data);
        Assert.Equal((2, ExecutionEvidence.Rule), (choice.Settings.Threads, choice.Evidence.By));
        Assert.Empty(timers);
    }

    [Fact]
    public void FollowsWhatIsGiven()
    {
        ExecutionChoice choice = Probe(threads: 3).Choose(Long with { Layout = Layout.ChannelsLast }, data);
        Assert.Equal((new(Precision.Float32, Layout.ChannelsLast, 3), ExecutionEvidence.Given), (choice.Settings, choice.Evidence.By));
        Assert.Equal(ExecutionEvidence.Given, Probe(threads: 3).Choose(Long, data).Evidence.By);
        Assert.Empty(timers);
    }

    [Fact]
    public void RefusesARecipeThatDoesNotFit() =>
        Assert.Throws<RecipeException>(() => Probe().Choose(Long with { Classes = 7 }, data));

    [Fact]
    public void LeavesEverythingAsItWas()
    {
        using Dataset untouched = SmallData.Striped();
        int threads = Engine.Threads;
        Generator.Seed(Device.Cpu, 5);
        byte[] generator = Generator.GetState(Device.Cpu);
        Recipe recipe = Long with { Model = new ConvNet { Widths = [3], Dropout = 0.3 }, Precision = Precision.Auto };
        ExecutionChoice choice = new ExecutionProbe { MostThreads = 2 }.Choose(recipe, untouched);
        Assert.Equal(ExecutionEvidence.Measuring, choice.Evidence.By);
        Assert.All(choice.Evidence.Measured, measured => Assert.True(measured.Seconds > 0));
        Assert.Equal(threads, Engine.Threads);
        Assert.Equal(generator, Generator.GetState(Device.Cpu));
        Assert.Equal(data.Fingerprint, untouched.Fingerprint);
        Assert.Equal(data.Training.Images.ToArray<byte>(), untouched.Training.Images.ToArray<byte>());
    }

    [Fact]
    public void TimesMoreUpdatesThanARunHas()
    {
        using UpdateTimer timer = new(Small.Recipe with { Duration = Duration.Steps(2) }, data, TimeProvider.System);
        for (int i = 0; i < 7; i++)
        {
            Assert.True(timer.Time(new(Precision.Float32, Layout.Contiguous, 1)) > 0);
        }
    }

    [Fact]
    public void TimesUpdatesThatAreNotFinite()
    {
        using UpdateTimer timer = new(Long with { Loss = new SpoiledLoss { Spoiled = 1 } }, data, TimeProvider.System);
        for (int i = 0; i < 30; i++)
        {
            Assert.True(timer.Time(new(Precision.Float32, Layout.Contiguous, 1)) > 0);
        }
    }

    public void Dispose()
    {
        data.Dispose();
        folder.Dispose();
    }

    ExecutionProbe Probe(ExecutionCache? cache = null, int? threads = null, string machine = "this one") => new()
    {
        MostThreads = 2,
        Threads = threads,
        Cache = cache,
        Machine = machine,
        Load = () => 0.3,
        Time = time,
        Timer = (_, _) =>
        {
            timers.Add(new FakeTimer(new() { [new(Precision.Float32, Layout.Contiguous, 2)] = 0.01 }, 0.02));
            return timers[^1];
        },
    };
}
