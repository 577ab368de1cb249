namespace Anneal.Calibration;

/// <summary>Examples sorted into bins by confidence, with the confidence and the accuracy of each bin.</summary>
public static class ReliabilityDiagram
{
    /// <summary>Bins of equal width over 0 to 1, each (lower, upper]; a confidence of exactly 0 is in the first. Empty bins are kept.</summary>
    /// <param name="confidences">Probability of the predicted class of each example, 0 to 1.</param>
    /// <param name="right">Whether each prediction was right.</param>
    /// <param name="bins">At least 1.</param>
    /// <remarks>Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, section 2.</remarks>
    public static IReadOnlyList<ReliabilityBin> EqualWidth(ReadOnlySpan<double> confidences, ReadOnlySpan<bool> right, int bins = 15)
    {
        Check(confidences, right, bins);
        int[] counts = new int[bins];
        int[] rights = new int[bins];
        double[] sums = new double[bins];
        for (int i = 0; i < confidences.Length; i++)
        {
            int bin = BinOf(confidences[i], bins);
            counts[bin]++;
            sums[bin] += confidences[i];
            rights[bin] += right[i] ? 1 : 0;
        }
        return
        [
            .. Enumerable.Range(0, bins).Select(b => new ReliabilityBin
            {
                Lower = (double)b / bins,
                Upper = (double)(b + 1) / bins,
                Count = counts[b],
                Confidence = counts[b] == 0 ? 0 : sums[b] / counts[b],
                Accuracy = counts[b] == 0 ? 0 : (double)rights[b] / counts[b],
            }),
        ];
    }

    /// <summary>Bins of nearly equal numbers of examples. Equal confidences share a bin, so there can be fewer bins than asked for.</summary>
    /// <param name="confidences">Probability of the predicted class of each example, 0 to 1.</param>
    /// <param name="right">Whether each prediction was right.</param>
    /// <param name="bins">At least 1.</param>
    /// <remarks>Nixon et al., "Measuring Calibration in Deep Learning", CVPR workshops 2019, section 3.</remarks>
    public static IReadOnlyList<ReliabilityBin> EqualMass(ReadOnlySpan<double> confidences, ReadOnlySpan<bool> right, int bins = 15)
    {
        Check(confidences, right, bins);
        int n = confidences.Length;
        double[] sorted = confidences.ToArray();
        bool[] sortedRight = right.ToArray();
        Array.Sort(sorted, sortedRight);

        List<ReliabilityBin> filled = [];
        int start = 0;
        double lower = 0;
        for (int b = 0; b < bins && start < n; b++)
        {
            int end = Math.Max((int)((long)n * (b + 1) / bins), start);
            while (end > start && end < n && sorted[end] == sorted[end - 1])
            {
                end++;
            }
            if (end == start)
            {
                continue;
            }
            filled.Add(new ReliabilityBin
            {
                Lower = lower,
                Upper = sorted[end - 1],
                Count = end - start,
                Confidence = sorted[start..end].Average(),
                Accuracy = (double)sortedRight[start..end].Count(r => r) / (end - start),
            });
            lower = sorted[end - 1];
            start = end;
        }
        return filled;
    }

    // The multiplication can round across an edge; the edges themselves decide.
    static int BinOf(double confidence, int bins)
    {
        int bin = Math.Clamp((int)Math.Ceiling(confidence * bins) - 1, 0, bins - 1);
        if (bin > 0 && confidence <= (double)bin / bins)
        {
            bin--;
        }
        else if (bin < bins - 1 && confidence > (double)(bin + 1) / bins)
        {
            bin++;
        }
        return bin;
    }

    static void Check(ReadOnlySpan<double> confidences, ReadOnlySpan<bool> right, int bins)
    {
        if (bins < 1)
        {
            throw new ArgumentException($"A reliability diagram needs at least 1 bin. Received: {bins}.");
        }
        if (confidences.Length != right.Length)
        {
            throw new ArgumentException($"Each confidence needs its outcome. Received: {confidences.Length} confidences, {right.Length} outcomes.");
        }
        for (int i = 0; i < confidences.Length; i++)
        {
            if (!(confidences[i] >= 0 && confidences[i] <= 1))
            {
                throw new ArgumentException($"A confidence must be 0 to 1. Received: {confidences[i]} at example {i}.");
            }
        }
    }
}
