using Anneal.Metrics;
using Anneal.Randomness;

namespace Anneal.Statistics;

/// <summary>How much better one of two is, measured in pairs: the same seeds, or the same test examples.</summary>
/// <remarks>
/// Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, section 13.3 (percentile interval). Pairing takes out
/// what both have in common, so small differences show. With fewer than about ten pairs the interval is too narrow.
/// </remarks>
public static class PairedBootstrap
{
    /// <summary>The mean of first − second with an interval that holds the true mean with the given confidence.</summary>
    /// <param name="first">Measurements of the one.</param>
    /// <param name="second">Measurements of the other, in the same order; at least two pairs.</param>
    /// <param name="seed">The seed of the resampling.</param>
    /// <param name="confidence">Above 0 and below 1.</param>
    /// <param name="resamples">Means drawn; at least 100.</param>
    public static MeanInterval Difference(ReadOnlySpan<double> first, ReadOnlySpan<double> second, ulong seed, double confidence = 0.95, int resamples = 10_000)
    {
        if (first.Length != second.Length || first.Length < 2)
        {
            throw new ArgumentException($"A paired difference needs two pairs or more, each of two numbers. Received: {first.Length} and {second.Length} numbers.");
        }
        if (!(confidence > 0 && confidence < 1))
        {
            throw new ArgumentException($"Confidence must lie between 0 and 1. Received: {confidence}.");
        }
        if (resamples < 100)
        {
            throw new ArgumentException($"A bootstrap needs at least 100 resamples. Received: {resamples}.");
        }

        double[] differences = new double[first.Length];
        RunningMean mean = default;
        for (int i = 0; i < differences.Length; i++)
        {
            differences[i] = first[i] - second[i];
            mean = mean.Add(differences[i]);
        }
        double[] means = new double[resamples];
        for (int r = 0; r < resamples; r++)
        {
            RandomStream random = new(seed, "bootstrap", epoch: 0, index: r);
            double sum = 0;
            for (int i = 0; i < differences.Length; i++)
            {
                sum += differences[random.NextInt(differences.Length)];
            }
            means[r] = sum / differences.Length;
        }
        Array.Sort(means);
        double tail = (1 - confidence) / 2;
        return new MeanInterval(mean.Mean, Quantile(means, tail), Quantile(means, 1 - tail));
    }

    // Linear between the two nearest, as numpy's default.
    static double Quantile(double[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}

/// <summary>A mean and the interval it lies in.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Lower">Lower end of the interval.</param>
/// <param name="Upper">Upper end of the interval.</param>
public sealed record MeanInterval(double Mean, double Lower, double Upper);
