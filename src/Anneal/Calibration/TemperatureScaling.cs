using System.Globalization;
using System.Runtime.InteropServices;
using Anneal.Metrics;
using Anneal.Randomness;
using Anneal.Statistics;

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

    /// <summary>
    /// Standard deviation of log T before any example is seen: two thirds of all temperatures between 0.7 and 1.4. Chosen among
    /// 0.25, 0.35 and 0.5: see <c>docs/decisions/0012-a-temperature-that-does-no-harm.md</c>.
    /// </summary>
    public const double PriorDeviation = 0.35;

    const int Folds = 10;

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

        return Solve(table, perExample: 0);
    }

    /// <summary>
    /// A temperature that is safe to use whatever the number of examples: shrunk towards 1 by its uncertainty, and 1 where the
    /// examples do not show that it helps.
    /// </summary>
    /// <param name="logits">Scores before softmax row by row, shape [examples, classes]; finite.</param>
    /// <param name="classes">Classes told apart.</param>
    /// <param name="labels">The right class of each example; at least one.</param>
    /// <remarks>
    /// The likelihood has a prior beside it, log T normal about 0 with <see cref="PriorDeviation"/>: as one, the likeliest
    /// temperature of few examples, which may be far off, is drawn to 1, and that of thousands hardly moves. The result is kept only
    /// where ten-fold cross-validation lowers the negative log-likelihood by more than its standard error, and a temperature below
    /// 1 only where some example is wrong: sharper is paid for with the mistakes, and examples without any do not show the price.
    /// </remarks>
    /// <exception cref="ArgumentException">There is no example, or a logit is not finite.</exception>
    public static TemperatureFit FitCautiously(ReadOnlySpan<float> logits, int classes, ReadOnlySpan<long> labels)
    {
        double likeliest = Fit(logits, classes, labels);
        LabelledScores table = new(logits, classes, labels);
        double shrunk = Shrunk(table);
        double before = NegativeLogLikelihood.Mean(logits, classes, labels);
        TemperatureFit fit = new()
        {
            Examples = table.Examples, Likeliest = likeliest, Shrunk = shrunk, Kept = false, Reason = "", CrossValidatedBefore = before,
        };
        if (table.Examples == 1)
        {
            return fit with { Reason = "one example cannot show that a temperature helps" };
        }
        double[] gains = CrossValidatedGains(table, logits, labels);
        SampleMean gain = SampleMean.Of(gains);
        fit = fit with { CrossValidatedAfter = before - gain.Mean, StandardError = gain.StandardError };
        string numbers = string.Create(CultureInfo.InvariantCulture,
            $"cross-validated on {table.Examples:#,0} examples, the negative log-likelihood goes from {before:G4} to " +
            $"{fit.CrossValidatedAfter:G4}, with a standard error of {gain.StandardError:G2}");
        if (shrunk < 1 && Accuracy.Top1(logits, classes, labels) == 1)
        {
            return fit with
            {
                Reason = string.Create(CultureInfo.InvariantCulture, $"all {table.Examples:#,0} examples are right, and do not say how sure to be"),
            };
        }
        return fit with { Kept = gain.Mean > gain.StandardError, Reason = numbers };
    }

    static double Shrunk(LabelledScores table) => Solve(table, 1 / (PriorDeviation * PriorDeviation * table.Examples));

    // What each example gains, in nats, from the temperature that the others choose.
    static double[] CrossValidatedGains(LabelledScores table, ReadOnlySpan<float> logits, ReadOnlySpan<long> labels)
    {
        int n = table.Examples;
        int folds = Math.Min(Folds, n);
        int classes = table.Classes;
        // Examples may lie in the order of their classes: the folds are drawn, the same ones each time.
        int[] order = RandomStream.Permutation(n, seed: 0, "temperature folds");
        double[] gains = new double[n];
        for (int fold = 0; fold < folds; fold++)
        {
            List<float> others = new(n * classes);
            List<long> theirs = new(n);
            for (int i = 0; i < n; i++)
            {
                if (i % folds != fold)
                {
                    others.AddRange(table[order[i]]);
                    theirs.Add(labels[order[i]]);
                }
            }
            double temperature = Shrunk(new LabelledScores(CollectionsMarshal.AsSpan(others), classes, CollectionsMarshal.AsSpan(theirs)));
            for (int i = fold; i < n; i += folds)
            {
                ReadOnlySpan<float> own = logits.Slice(order[i] * classes, classes);
                ReadOnlySpan<long> label = labels.Slice(order[i], 1);
                gains[order[i]] = NegativeLogLikelihood.Mean(own, classes, label) - NegativeLogLikelihood.Mean(own, classes, label, temperature);
            }
        }
        return gains;
    }

    // The likelihood is convex in b = 1/T, so its slope in b rises through zero once. Newton's step is taken where it
    // stays inside the bracket, else the bracket is halved; both in log b, where temperatures are evenly spread. The prior
    // adds its precision, per example, times log b to the slope in log b: its own zero is at log b = 0, so the sum's lies between.
    static double Solve(LabelledScores table, double perExample)
    {
        double low = -Math.Log(Highest);
        double high = -Math.Log(Lowest);
        if (At(table, low, perExample).Slope >= 0)
        {
            return Highest;
        }
        if (At(table, high, perExample).Slope <= 0)
        {
            return Lowest;
        }
        double logB = 0;
        // Halving alone would need 52 rounds.
        for (int round = 0; round < 100 && high - low > 1e-14; round++)
        {
            (double slope, double curvature) = At(table, logB, perExample);
            if (slope == 0)
            {
                break;
            }
            if (slope < 0)
            {
                low = logB;
            }
            else
            {
                high = logB;
            }
            double next = logB - (slope / curvature);
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

    // In log b; of the curvature only what is never negative, so that a step always goes downhill.
    static (double Slope, double Curvature) At(LabelledScores table, double logB, double perExample)
    {
        double b = Math.Exp(logB);
        (double first, double second) = Slope(table, b);
        return ((b * first) + (perExample * logB), (b * b * second) + perExample);
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
