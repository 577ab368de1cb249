namespace Anneal.Statistics;

/// <summary>The middle of some numbers.</summary>
public static class Median
{
    /// <summary>The middle one in order, or the mean of the middle two.</summary>
    /// <param name="values">At least one; they stay in their order.</param>
    public static double Of(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
        {
            throw new ArgumentException("A median needs at least one number. Received: none.");
        }
        double[] sorted = values.ToArray();
        Array.Sort(sorted);
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
