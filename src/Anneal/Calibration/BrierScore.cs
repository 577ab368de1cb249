using Anneal.Metrics;

namespace Anneal.Calibration;

/// <summary>Mean squared distance between the predicted distribution and the one-hot truth.</summary>
/// <remarks>Brier, "Verification of Forecasts Expressed in Terms of Probability", Monthly Weather Review 78(1), 1950.</remarks>
public static class BrierScore
{
    /// <summary>Σ over classes of (p − truth)², averaged over examples, 0 to 2; NaN for no examples.</summary>
    /// <param name="logits">Scores before softmax row by row, shape [examples, classes].</param>
    /// <param name="classes">Classes told apart.</param>
    /// <param name="labels">The right class of each example.</param>
    /// <param name="temperature">Positive; divides the logits.</param>
    public static double Mean(ReadOnlySpan<float> logits, int classes, ReadOnlySpan<long> labels, double temperature = 1)
    {
        LabelledScores table = new(logits, classes, labels);
        double[] p = new double[classes];
        RunningMean mean = default;
        for (int i = 0; i < table.Examples; i++)
        {
            Probabilities.Softmax(table[i], p, temperature);
            p[table.Label(i)] -= 1;
            double distance = 0;
            foreach (double difference in p)
            {
                distance += difference * difference;
            }
            mean = mean.Add(distance);
        }
        return mean.Mean;
    }
}
