using Anneal.Events;

namespace Anneal.Reports.Charts;

/// <summary>Points (x, y) with x growing strictly; y may be NaN where nothing finite was measured.</summary>
readonly record struct Curve(IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    public static readonly Curve Empty = new([], []);

    public int Count => X?.Count ?? 0;

    /// <summary>When each point was measured, in seconds of training; null where that is not known.</summary>
    public IReadOnlyList<double>? Seconds { get; init; }

    /// <summary>The points in order of x; of several with one x the last counts, and a point without a finite x is left out.</summary>
    public static Curve From(IEnumerable<(double X, double Y)> points)
    {
        (double X, double Y)[] kept =
        [
            .. points.Where(point => double.IsFinite(point.X))
                .GroupBy(point => point.X)
                .Select(same => same.Last())
                .OrderBy(point => point.X),
        ];
        return new([.. kept.Select(point => point.X)], [.. kept.Select(point => point.Y)]);
    }

    /// <summary>As the other, with the time of each event.</summary>
    public static Curve From<T>(IEnumerable<T> events, Func<T, double> x, Func<T, double> y)
        where T : TrainingEvent
    {
        T[] kept =
        [
            .. events.Where(happened => double.IsFinite(x(happened))).GroupBy(x).Select(same => same.Last()).OrderBy(x),
        ];
        return new([.. kept.Select(x)], [.. kept.Select(y)]) { Seconds = [.. kept.Select(happened => happened.Seconds)] };
    }

    /// <summary>
    /// A curve of at most about <paramref name="points"/> points that looks the same: of each stretch its lowest and
    /// highest point in their order, so that no spike is lost, and the first and last point of all.
    /// </summary>
    public Curve Thin(int points)
    {
        if (Count <= points)
        {
            return this;
        }

        int buckets = Math.Max(1, (points - 2) / 2);
        int inner = Count - 2;
        List<int> kept = [0];
        for (int bucket = 0; bucket < buckets; bucket++)
        {
            int from = 1 + (int)((long)inner * bucket / buckets);
            int to = 1 + (int)((long)inner * (bucket + 1) / buckets);
            (int low, int high) = (-1, -1);
            for (int i = from; i < to; i++)
            {
                if (!double.IsFinite(Y[i]))
                {
                    continue;
                }

                if (low < 0 || Y[i] < Y[low])
                {
                    low = i;
                }

                if (high < 0 || Y[i] > Y[high])
                {
                    high = i;
                }
            }
            if (low < 0)
            {
                continue;
            }

            kept.Add(Math.Min(low, high));
            if (low != high)
            {
                kept.Add(Math.Max(low, high));
            }
        }
        kept.Add(Count - 1);
        (IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<double>? seconds) = (X, Y, Seconds);
        return new([.. kept.Select(i => x[i])], [.. kept.Select(i => y[i])])
        {
            Seconds = seconds is null ? null : [.. kept.Select(i => seconds[i])],
        };
    }
}
