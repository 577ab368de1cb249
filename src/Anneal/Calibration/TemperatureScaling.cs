using Anneal.Metrics;

namespace Anneal.Calibration;

/// <summary>The one number that, dividing all logits, makes a trained classifier's confidences honest without changing its predictions.</summary>
/// <remarks>
/// Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, section 4.2. Fit it on examples that were not
/// trained on. Trained with label smoothing, a network is often not sure enough, and the temperature comes out below 1.
/// </remarks>
public static class TemperatureScaling
{
    /// <summary>The lowest temperature a fit gives: where every prediction is right, sharper is always likelier.</summary>
    public const double Lowest = 0.05;

    /// <summary>The highest temperature a fit gives: where logits are no better than chance, flatter is always likelier.</summary>
    public const double Highest = 20;

    /// <summary>The temperature of the lowest mean negative log-likelihood, <see cref="Lowest"/> to <see cref="Highest"/>.</summary>
    /// <param name="logits">Scores before softmax row by row, shape [examples, classes]; finite.</param>
    /// <param name="classes">Classes told apart.</param>
    /// <param name="labels">The right class of each example; at least one.</param>
    /// <exception cref="ArgumentException">There is no example, or a logit is not finite.</exception>
    public static double Fit(ReadOnlySpan<float> logits, int classes, ReadOnlySpan<long> labels)
    {
        LabelledScores table = new(logits, classes, labels);
        table.RequireFinite();
        if (table.Examples == 0)
        {
            throw new ArgumentException("A temperature is fitted on at least one example. Received: none.");
        }

        // The likelihood is convex in b = 1/T, so its slope in b rises through zero once. Newton's step is taken where it
        // stays inside the bracket, else the bracket is halved; both in log b, where temperatures are evenly spread.
        double low = -Math.Log(Highest);
        double high = -Math.Log(Lowest);
        if (Slope(table, Math.Exp(low)).First >= 0)
        {
            return Highest;
        }
        if (Slope(table, Math.Exp(high)).First <= 0)
        {
            return Lowest;
        }
        double logB = 0;
        // Halving alone would need 52 rounds.
        for (int round = 0; round < 100 && high - low > 1e-14; round++)
        {
            double b = Math.Exp(logB);
            (double first, double second) = Slope(table, b);
            if (first == 0)
            {
                break;
            }
            if (first < 0)
            {
                low = logB;
            }
            else
            {
                high = logB;
            }
            double next = logB - first / (b * second);
            if (!(next > low && next < high))
            {
                next = (low + high) / 2;
            }
            if (Math.Abs(next - logB) < 1e-13)
            {
                logB = next;
                break;
            }
            logB = next;
        }
        return Math.Exp(-logB);
    }

    // d/db and d²/db² of the mean of log Σ exp(b·z) − b·z(right class): mean logit less the right one, and variance.
    static (double First, double Second) Slope(LabelledScores table, double b)
    {
        double[] p = new double[table.Classes];
        RunningMean first = default;
        RunningMean second = default;
        for (int i = 0; i < table.Examples; i++)
        {
            ReadOnlySpan<float> z = table[i];
            double own = z[table.Label(i)];
            Probabilities.Softmax(z, p, 1 / b);
            double mean = 0;
            for (int c = 0; c < p.Length; c++)
            {
                mean += p[c] * (z[c] - own);
            }
            double variance = 0;
            for (int c = 0; c < p.Length; c++)
            {
                double distance = z[c] - own - mean;
                variance += p[c] * distance * distance;
            }
            first = first.Add(mean);
            second = second.Add(variance);
        }
        return (first.Mean, second.Mean);
    }
}
