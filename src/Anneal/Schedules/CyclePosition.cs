using Anneal.Durations;

namespace Anneal.Schedules;

/// <summary>The clock of the cyclical schedules: up for half a cycle, down for the other half.</summary>
static class CyclePosition
{
    /// <summary>The cycle of a step, counted from 0, and how far up it is in it: 0 at both ends, 1 in the middle.</summary>
    public static (long Cycle, double Height) At(long step, Period period)
    {
        if (period.Whole is not long half)
        {
            long index = period.IndexAt(step);
            long begin = period.Border(index), end = period.Border(index + 1);
            return (index / 2, (index % 2 == 0 ? step - begin : end - step) / (double)(end - begin));
        }

        // Twice the half may not fit into a long.
        ulong length = 2 * (ulong)half;
        ulong cycle = (ulong)step / length;
        ulong position = (ulong)step - cycle * length;
        ulong up = Math.Min(position, length - position);
        return ((long)cycle, up / (double)half);
    }
}
