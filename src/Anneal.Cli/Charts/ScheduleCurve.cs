using Anneal.Cli.Display;
using Anneal.Schedules;

namespace Anneal.Cli.Charts;

/// <summary>A schedule over a run, to be drawn.</summary>
/// <param name="Name">What it is called beside the chart.</param>
/// <param name="Schedule">The values.</param>
/// <param name="Steps">The run's length, at least 1.</param>
sealed record ScheduleCurve(string Name, Schedule Schedule, long Steps) : ICurve
{
    // More are not looked at one by one: half a second's worth of work.
    const long MostSteps = 5_000_000;

    /// <summary>Whether it has one value at every step.</summary>
    internal bool IsConstant => Columns(1) is [(double low, double high)] && low == high;

    public string First => "step 0";

    public string Last => Words.Count(Steps - 1);

    public IReadOnlyList<(double Low, double High)> Columns(int count)
    {
        (double Low, double High)[] columns = new (double, double)[count];
        long stride = Math.Max(1, Steps / MostSteps);
        for (int column = 0; column < count; column++)
        {
            long first = Math.Min(Steps - 1, (long)((Int128)Steps * column / count));
            long last = Math.Min(Steps - 1, Math.Max(first, (long)((Int128)Steps * (column + 1) / count)));
            (double low, double high) = (double.PositiveInfinity, double.NegativeInfinity);
            for (long step = first; step <= last; step += stride)
            {
                double value = Schedule.At(step);
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
            }
            columns[column] = (low, high);
        }
        return columns;
    }

    /// <summary>The steps at which it begins, ends, turns, jumps, or comes to rest.</summary>
    /// <param name="most">At most so many; where there are more, the first ones and the last.</param>
    internal IReadOnlyList<long> KeySteps(int most)
    {
        List<long> keys = [0];
        long stride = Math.Max(1, Steps / MostSteps);
        int direction = 0;
        for (long step = stride; step < Steps; step += stride)
        {
            int now = Math.Sign(Schedule.At(step) - Schedule.At(step - stride));
            if (step > stride && now != direction)
            {
                keys.Add(step - stride);
            }
            direction = now;
        }
        keys.Add(Steps - 1);
        long[] distinct = [.. keys.Distinct().Order()];
        return distinct.Length <= most ? distinct : [.. distinct[..(most - 1)], distinct[^1]];
    }
}
