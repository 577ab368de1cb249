using Anneal.Training.Speed;

namespace Anneal.Training.Tests.Speed;

public class SpeedWatchTests
{
    [Fact]
    public void NoticesUpdatesFiveTimesAsSlowForFiveSeconds()
    {
        SpeedWatch watch = new();
        Assert.Null(After(watch, 200, 0.1));
        // Ten slow ones of twenty are no majority; from the eleventh on they count, the longest does not.
        (int updates, double usual, double slow) = FirstNotice(watch, 0.5);
        Assert.Equal((0.1, 0.5), (usual, slow));
        Assert.Equal(10 + 11, updates);
    }

    [Fact]
    public void TakesTimeForShortUpdatesToo()
    {
        SpeedWatch watch = new();
        Assert.Null(After(watch, 10_000, 0.0001));
        (int updates, _, _) = FirstNotice(watch, 0.005);
        Assert.Equal(10 + 1001, updates, 2.0);
    }

    [Fact]
    public void IsSilentBelowFiveTimes()
    {
        SpeedWatch watch = new();
        Assert.Null(After(watch, 200, 0.1));
        Assert.Null(After(watch, 1000, 0.49));
    }

    [Fact]
    public void IsSilentWhereItDoesNotLast()
    {
        SpeedWatch watch = new();
        Assert.Null(After(watch, 200, 0.1));
        for (int i = 0; i < 50; i++)
        {
            Assert.Null(After(watch, 12, 0.5));
            Assert.Null(After(watch, 20, 0.1));
        }
    }

    [Fact]
    public void ASleepIsOneLongUpdate()
    {
        SpeedWatch watch = new();
        Assert.Null(After(watch, 200, 0.1));
        Assert.Null(After(watch, 1, 8 * 3600));
        Assert.Null(After(watch, 200, 0.1));
        // Also a sleep among slow updates that would not be enough by themselves.
        Assert.Null(After(watch, 12, 0.5));
        Assert.Null(After(watch, 1, 8 * 3600));
        Assert.Null(After(watch, 3, 0.5));
        Assert.Null(After(watch, 100, 0.1));
    }

    [Fact]
    public void DoesNotTakeSlowFirstUpdatesForUsual()
    {
        SpeedWatch watch = new();
        Assert.Null(After(watch, 5, 3));
        // A start beside other work: the best fifty count.
        Assert.Null(After(watch, 100, 0.3));
        Assert.Null(After(watch, 100, 0.1));
        Assert.Equal(0.1, FirstNotice(watch, 0.6).Usual);
    }

    [Fact]
    public void LearnsAnewAfterItHasSpoken()
    {
        SpeedWatch watch = new();
        Assert.Null(After(watch, 200, 0.1));
        _ = FirstNotice(watch, 1);
        Assert.Null(After(watch, 500, 1));
        Assert.Equal(1, FirstNotice(watch, 6).Usual);
    }

    static (double, double)? After(SpeedWatch watch, int updates, double seconds)
    {
        (double, double)? noticed = null;
        for (int i = 0; i < updates; i++)
        {
            noticed ??= watch.Observe(seconds);
        }
        return noticed;
    }

    static (int Updates, double Usual, double Slow) FirstNotice(SpeedWatch watch, double seconds)
    {
        for (int i = 1; i < 100_000; i++)
        {
            if (watch.Observe(seconds) is { } noticed)
            {
                return (i, noticed.Usual, noticed.Slow);
            }
        }
        throw new InvalidOperationException("It never spoke.");
    }
}
