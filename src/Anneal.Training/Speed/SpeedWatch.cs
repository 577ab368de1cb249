using Anneal.Statistics;

namespace Anneal.Training.Speed;

/// <summary>Notices that updates have become much slower than they were, and stay so.</summary>
/// <remarks>
/// Usual is the quickest of the medians of fifty updates each. Speed has collapsed where more than half of the last twenty updates took five
/// times the usual or longer, and that for five seconds, of which the longest update does not count: a machine that slept,
/// or a process that was stopped, leaves one long update and no slow ones.
/// </remarks>
sealed class SpeedWatch
{
    /// <summary>How many times the usual an update must take to be slow.</summary>
    internal const double Factor = 5;

    /// <summary>Seconds that it must last.</summary>
    internal const double LeastSeconds = 5;

    /// <summary>Updates of which more than half must be slow.</summary>
    internal const int Window = 20;

    /// <summary>Updates from which the usual time is learned.</summary>
    internal const int Block = 50;

    /// <summary>The first updates, in which libtorch chooses and compiles kernels; they are not looked at.</summary>
    internal const int WarmUp = 5;

    readonly double[] last = new double[Window];
    readonly List<double> block = new(Block);
    double? usual;
    long seen;
    int slow;
    double slowSeconds;
    double longest;

    /// <summary>Takes an update in. Where speed has collapsed: the seconds an update took before and takes now. It then learns anew.</summary>
    /// <param name="seconds">What the update took.</param>
    internal (double Usual, double Slow)? Observe(double seconds)
    {
        if (++seen <= WarmUp)
        {
            return null;
        }
        Learn(seconds);
        if (usual is not { } before)
        {
            return null;
        }
        int place = (int)(seen % Window);
        slow += (seconds >= Factor * before ? 1 : 0) - (last[place] >= Factor * before ? 1 : 0);
        last[place] = seconds;
        if (2 * slow <= Window)
        {
            (slowSeconds, longest) = (0, 0);
            return null;
        }
        slowSeconds += seconds;
        longest = Math.Max(longest, seconds);
        if (slowSeconds - longest < LeastSeconds)
        {
            return null;
        }
        double now = Median.Of(last);
        Forget();
        return (before, now);
    }

    void Learn(double seconds)
    {
        block.Add(seconds);
        if (block.Count < Block)
        {
            return;
        }
        double median = Median.Of([.. block]);
        block.Clear();
        if (usual is { } known && median >= known)
        {
            return;
        }
        usual = median;
        slow = last.Count(each => each >= Factor * median);
    }

    void Forget()
    {
        Array.Clear(last);
        block.Clear();
        (usual, seen, slow, slowSeconds, longest) = (null, 0, 0, 0, 0);
    }
}
