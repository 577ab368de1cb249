using Anneal.Metrics;

namespace Anneal.Statistics;

/// <summary>A mean with how sure it is, from independent measurements such as the same recipe under several seeds.</summary>
public sealed record SampleMean
{
    /// <summary>Measurements.</summary>
    public required int Count { get; init; }

    /// <summary>Their mean.</summary>
    public required double Mean { get; init; }

    /// <summary>Standard deviation of one measurement (n − 1 in the denominator); NaN for a single one.</summary>
    public required double StandardDeviation { get; init; }

    /// <summary>Standard deviation of the mean; NaN for a single measurement.</summary>
    public double StandardError => StandardDeviation / Math.Sqrt(Count);

    /// <summary>The mean of some measurements.</summary>
    /// <param name="values">At least one.</param>
    public static SampleMean Of(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
        {
            throw new ArgumentException("A mean needs at least one measurement. Received: none.");
        }
        RunningMean sum = default;
        foreach (double value in values)
        {
            sum = sum.Add(value);
        }
        double mean = sum.Mean;
        RunningMean squares = default;
        foreach (double value in values)
        {
            squares = squares.Add((value - mean) * (value - mean));
        }
        return new SampleMean
        {
            Count = values.Length,
            Mean = mean,
            StandardDeviation = values.Length == 1 ? double.NaN : Math.Sqrt(squares.Mean * values.Length / (values.Length - 1)),
        };
    }
}
