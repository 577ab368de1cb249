using Anneal.Durations;
using Anneal.Events;
using Anneal.Training.Checkpoints;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Recipes;
using Anneal.Training.Speed;
using Anneal.Training.Tests.Samples;

namespace Anneal.Training.Tests.Speed;

public class SpeedGuardTests
{
    // Five steps a pass.
    static readonly Recipe Recipe = Small.Recipe with { Duration = Duration.Epochs(40), LogEvery = Duration.Epochs(40), Checkpoints = new() { KeepEverySteps = 1 } };

    [Fact]
    public void GoesOnWithOneThreadFromTheNextPass()
    {
        (List<TrainingEvent> events, List<(long, int)> changes) = Train(Recipe, slowFrom: 100);
        SpeedCollapsed collapsed = Assert.Single(events.OfType<SpeedCollapsed>());
        // With the hundred and eleventh update, eleven of twenty are slow. From it on there are five seconds besides the longest.
        Assert.Equal((116L, 1, 120L), (collapsed.Step, collapsed.Threads!.Value, collapsed.FromStep!.Value));
        Assert.Equal((0.1, 1.0), (collapsed.UsualSeconds, collapsed.SlowSeconds), Close);
        Assert.Equal([(120L, 1)], changes);
    }

    [Fact]
    public void SaysSoWhereNothingCanBeChanged()
    {
        (List<TrainingEvent> events, List<(long, int)> changes) = Train(Recipe, slowFrom: 100, threads: 1);
        Assert.Equal((null, null), Assert.Single(events.OfType<SpeedCollapsed>()) is { } one ? (one.Threads, one.FromStep) : (0, 0));
        Assert.Empty(changes);
        // In the last pass there is no later one.
        (events, changes) = Train(Recipe with { Duration = Duration.Steps(119) }, slowFrom: 100);
        Assert.Null(Assert.Single(events.OfType<SpeedCollapsed>()).FromStep);
        Assert.Empty(changes);
    }

    [Fact]
    public void IsSilentWhereNothingCollapses()
    {
        (List<TrainingEvent> events, List<(long, int)> changes) = Train(Recipe, slowFrom: 1000);
        Assert.Empty(events.OfType<SpeedCollapsed>());
        Assert.Empty(changes);
    }

    [Theory]
    [InlineData(90)]
    [InlineData(115)]
    [InlineData(116)]
    [InlineData(119)]
    [InlineData(120)]
    [InlineData(150)]
    public void ChangesAtTheSameStepAfterAResume(long step)
    {
        using MemoryStore store = new();
        (List<TrainingEvent> events, _) = Train(Recipe, slowFrom: 100, store: store);
        Checkpoint checkpoint = store.Files[MemoryStore.FileOf(step)];
        int known = (int)checkpoint.Progress.Events;
        using Dataset data = SmallData.Striped();
        List<(long, int)> changes = [];
        long made = step;
        // The machine is quick again: what the log says is done all the same.
        SpeedGuard guard = new(2, threads => changes.Add((made, threads)));
        guard.Recall(events.Take(known), events.Skip(known));
        using TrainingRun run = new(Recipe with { Gradients = [new OnUpdate(() => made++)] }, data) { Guard = guard };
        run.Restore(MemoryStore.FileOf(step), checkpoint, events.Take(known));
        List<TrainingEvent> rest = [.. run.Events()];
        Assert.Equal([(Math.Max(step, 120), 1)], changes);
        Assert.Equal(
            Small.Timeless(events.OfType<SpeedCollapsed>()),
            Small.Timeless(events.Take(known).Concat(rest).OfType<SpeedCollapsed>()));
    }

    [Fact]
    public void ALogKeepsIt()
    {
        SpeedCollapsed collapsed = new() { Step = 7, Seconds = 1.5, UsualSeconds = 0.1, SlowSeconds = 2.5, Threads = 1, FromStep = 10 };
        string line = EventLines.Write(collapsed);
        Assert.Equal("""{"event":"speed-collapsed","usual-seconds":0.1,"slow-seconds":2.5,"threads":1,"from-step":10,"step":7,"seconds":1.5}""", line);
        Assert.Equal(collapsed, EventLines.Read(line));
    }

    static readonly IEqualityComparer<(double, double)> Close = EqualityComparer<(double, double)>.Create(
        (one, other) => Math.Abs(one.Item1 - other.Item1) < 1e-6 && Math.Abs(one.Item2 - other.Item2) < 1e-6, _ => 0);

    // Updates take a tenth of a second, and from a step on a whole one.
    static (List<TrainingEvent> Events, List<(long, int)> Changes) Train(Recipe recipe, long slowFrom, int threads = 2, MemoryStore? store = null)
    {
        using Dataset data = SmallData.Striped();
        long made = 0;
        StandingClock clock = new();
        List<(long, int)> changes = [];
        double passed = 0;
        clock.Between = () =>
        {
            double since = passed;
            passed = 0;
            return since;
        };
        OnUpdate update = new(() =>
        {
            passed += made >= slowFrom ? 1 : 0.1;
            made++;
        });
        using TrainingRun run = new(recipe with { Gradients = [update] }, data, store, time: clock)
        {
            Guard = new SpeedGuard(threads, count => changes.Add((made, count))),
        };
        return ([.. run.Events()], changes);
    }
}
