using Anneal.Search;
using Anneal.Statistics;

namespace Anneal.Curves;

/// <summary>Reads the curve of a learning-rate range test: train while the rate sweeps exponentially from tiny to huge, and look where the loss falls.</summary>
/// <remarks>
/// Smith, "Cyclical Learning Rates for Training Neural Networks", WACV 2017, section 3.3; Gugger and Howard's version of
/// it in fastai, whose rules <c>valley</c>, <c>steepest</c>, <c>minimum</c> and <c>slide</c> these are. The pair for cyclic schedules is
/// Smith's idea, read from another place: a tenth of the rate from which on the loss stays above that of the untrained model.
/// The usual sweep is 1e-7 to 10 in 100 iterations.
/// </remarks>
public static class RangeTest
{
    /// <summary>How much of the older losses remains at each iteration when the loss is smoothed.</summary>
    public const double Smoothing = 0.98;

    /// <summary>A smoothed loss this many times the best one has diverged.</summary>
    public const double DivergedRatio = 4;

    // The analysed stretch must be long enough for a slope not to be a single batch's luck.
    const int FewestAnalysed = 10;

    // The slide's window, in iterations, and the difference of slopes at which it comes to rest.
    const int SlideWindow = 15;
    const double SlideThreshold = 0.005;

    // Losses to either side that the pair's running median looks at.
    const int MedianReach = 3;

    /// <summary>The rate that undoes training over the pair's maximum.</summary>
    internal const double UndoneOver = 10;

    // The mean of some ten batches wanders by about a hundredth of the loss; a fall of less than two may be no fall.
    const double SmallestFall = 0.02;

    /// <summary>Whether the sweep has seen enough: the smoothed loss is no number any more, or is over four times the best one.</summary>
    /// <param name="smoothed">The smoothed loss now.</param>
    /// <param name="best">The lowest smoothed loss so far.</param>
    public static bool ShouldStop(double smoothed, double best) => !double.IsFinite(smoothed) || smoothed > DivergedRatio * best;

    /// <summary>Finds the rates that a sweep suggests, or says why it suggests none.</summary>
    /// <param name="rates">The rate of each iteration, positive and rising.</param>
    /// <param name="losses">The loss of each iteration's batch, not smoothed; what follows the first one that is not finite is left out.</param>
    /// <param name="smoothing">What remains of the older losses at each iteration, 0 to below 1.</param>
    /// <remarks>Of the N iterations, the first N/10, where the mean is still young, are not looked at, nor are by the four rules the last 5, where the loss blows up.</remarks>
    /// <exception cref="ArgumentException">The spans differ in length, or the rates do not rise.</exception>
    public static RangeTestAnalysis Analyse(ReadOnlySpan<double> rates, ReadOnlySpan<double> losses, double smoothing = Smoothing)
    {
        Check(rates, losses);
        int finite = 0;
        while (finite < losses.Length && double.IsFinite(losses[finite]))
        {
            finite++;
        }
        double[] smoothed = ExponentialAverage.Smooth(losses[..finite], smoothing);
        RangeTestAnalysis nothing = new()
        {
            Smoothed = new NamedCurve { Name = "smoothed loss", X = rates[..finite].ToArray(), Y = smoothed },
        };

        int start = finite / 10;
        int end = finite - 5;
        if (end - start < FewestAnalysed)
        {
            return nothing with
            {
                Refusal = $"A range test needs at least {FewestAnalysed} finite losses between its first tenth and its last 5. "
                    + $"Received: {finite} finite losses of {losses.Length}. Start at a lower rate, or sweep in more iterations.",
            };
        }
        double[] x = rates[start..end].ToArray();
        double[] y = smoothed[start..end];

        int lowest = Array.IndexOf(y, y.Min());
        double fall = y[..(lowest + 1)].Max() - y[lowest];
        if (!(fall >= SmallestFall * Math.Abs(y[0])))
        {
            return nothing with
            {
                Refusal = $"The loss did not fall: from {y[0]:G4} at rate {x[0]:G3} it came to {y[lowest]:G4} at best, at rate {x[lowest]:G3}. "
                    + "Check the initialization and the data, or sweep over other rates.",
            };
        }

        List<SuggestedRate> suggestions = [Valley(x, y), Steepest(x, y)];
        List<OmittedRule> omitted = [];
        bool turned = lowest < y.Length - 1;
        if (turned)
        {
            suggestions.Add(new SuggestedRate
            {
                Rule = "minimum",
                Rate = x[lowest] / 10,
                Reason = $"A tenth of {x[lowest]:G3}, where the smoothed loss is lowest ({y[lowest]:G4}).",
            });
        }
        else
        {
            omitted.Add(new OmittedRule(
                "minimum", $"Up to {x[^1]:G3}, the last rate looked at, the smoothed loss does not turn up. Sweep to a higher rate; where the loss blows up within 5 iterations, sweep in more of them."));
        }
        if (Slide(x, y) is { } slide)
        {
            suggestions.Add(slide);
        }
        else
        {
            omitted.Add(new OmittedRule("slide", y.Length <= SlideWindow
                ? $"It looks at stretches of {SlideWindow} iterations, and only {y.Length} are left. Sweep in more of them."
                : $"No stretch of {SlideWindow} iterations has slopes of its ends that differ, with an even one left of it."));
        }
        RateRange? cycle = null;
        if (Undone(losses) is { } undone)
        {
            cycle = new RateRange(rates[undone] / UndoneOver / 4, rates[undone] / UndoneOver);
        }
        else
        {
            omitted.Add(new OmittedRule("cycle", $"At {rates[finite - 1]:G3}, the last rate, the loss is not back at its first value. Sweep to a higher one."));
        }
        return nothing with { Suggestions = suggestions, Omitted = omitted, Cycle = cycle };
    }

    // The iteration from which on a running median stays above the losses of the untrained model, or from which on the loss is
    // not finite. Where the losses are lowest is no such place: between seeds of one network it lies at rates 30 times apart.
    static int? Undone(ReadOnlySpan<double> losses)
    {
        int finite = 0;
        while (finite < losses.Length && double.IsFinite(losses[finite]))
        {
            finite++;
        }
        double first = Median.Of(losses[..Math.Clamp(finite / 10, Math.Min(2 * MedianReach + 1, finite), finite)]);
        int last = finite - 1;
        while (last > 0 && Median.Of(losses[Math.Max(0, last - MedianReach)..Math.Min(finite, last + MedianReach + 1)]) > first)
        {
            last--;
        }
        return last + 1 < losses.Length ? last + 1 : null;
    }

    // fastai's valley: a third and then a sixth of the way along the longest chain of falling losses, which may skip iterations.
    static SuggestedRate Valley(double[] rates, double[] losses)
    {
        int[] chain = new int[losses.Length];
        int bottom = 0;
        for (int i = 0; i < losses.Length; i++)
        {
            chain[i] = 1;
            for (int j = 0; j < i; j++)
            {
                if (losses[i] < losses[j])
                {
                    chain[i] = Math.Max(chain[i], chain[j] + 1);
                }
            }
            if (chain[i] > chain[bottom])
            {
                bottom = i;
            }
        }
        int length = chain[bottom];
        int chosen = Math.Max(0, bottom - length + length / 3 + length / 6);
        return new SuggestedRate
        {
            Rule = "valley",
            Rate = rates[chosen],
            Reason = $"Halfway down the longest fall of the smoothed loss, which ends at rate {rates[bottom]:G3} (loss {losses[chosen]:G4} there, {losses[bottom]:G4} at its end).",
        };
    }

    static SuggestedRate Steepest(double[] rates, double[] losses)
    {
        double[] slopes = new double[rates.Length - 1];
        for (int i = 0; i < slopes.Length; i++)
        {
            slopes[i] = (losses[i + 1] - losses[i]) / Math.Log(rates[i + 1] / rates[i]);
        }
        int steepest = Array.IndexOf(slopes, slopes.Min());
        return new SuggestedRate
        {
            Rule = "steepest",
            Rate = rates[steepest],
            Reason = $"Here the smoothed loss falls fastest: {-slopes[steepest] * Math.Log(10):G3} for each tenfold rate.",
        };
    }

    // fastai's slide: a window comes from the right, where the loss blows up, until the slopes at its two ends are alike.
    static SuggestedRate? Slide(double[] rates, double[] losses)
    {
        double[] slopes = Gradient(losses);
        int right = losses.Length - 1;
        while (right - SlideWindow >= 0 && Math.Abs(slopes[right] - slopes[right - SlideWindow]) > SlideThreshold)
        {
            right--;
        }
        // The window's left end where it last moved; one that never moved, or never came to rest, says nothing.
        int chosen = right + 1 - SlideWindow;
        return right == losses.Length - 1 || right - SlideWindow < 0 ? null : new SuggestedRate
        {
            Rule = "slide",
            Rate = rates[chosen],
            Reason = $"From here to {SlideWindow} iterations on, the slope of the smoothed loss changes for the last time.",
        };
    }

    // Central differences, one-sided at the ends.
    static double[] Gradient(double[] values)
    {
        double[] slopes = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            (int before, int after) = (Math.Max(i - 1, 0), Math.Min(i + 1, values.Length - 1));
            slopes[i] = (values[after] - values[before]) / (after - before);
        }
        return slopes;
    }

    static void Check(ReadOnlySpan<double> rates, ReadOnlySpan<double> losses)
    {
        if (rates.Length != losses.Length)
        {
            throw new ArgumentException($"Each rate of a range test needs its loss. Received: {rates.Length} rates, {losses.Length} losses.");
        }
        for (int i = 0; i < rates.Length; i++)
        {
            if (!(rates[i] > (i == 0 ? 0 : rates[i - 1]) && double.IsFinite(rates[i])))
            {
                throw new ArgumentException($"The rates of a range test must be positive and rise. Received: {rates[i]} at iteration {i}.");
            }
        }
    }
}
