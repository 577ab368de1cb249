using Anneal.Metrics;

namespace Anneal.Calibration;

/// <summary>How far a classifier's confidences are from its accuracies.</summary>
public sealed record CalibrationSummary
{
    /// <summary>Top-label expected calibration error over bins of equal width, 15 unless asked otherwise; 0 to 1 (Guo et al. 2017, section 2).</summary>
    public required double ExpectedCalibrationError { get; init; }

    /// <summary>The largest gap of any bin, 0 to 1.</summary>
    public required double MaximumCalibrationError { get; init; }

    /// <summary>Mean negative log-likelihood in nats.</summary>
    public required double NegativeLogLikelihood { get; init; }

    /// <summary>Mean squared distance between the predicted distribution and the one-hot truth, 0 to 2 (Brier 1950).</summary>
    public required double BrierScore { get; init; }

    /// <summary>The bins behind the numbers, from low confidence to high.</summary>
    public required IReadOnlyList<ReliabilityBin> Bins { get; init; }

    /// <summary>Measures the predictions of one split.</summary>
    /// <param name="logits">Scores before softmax row by row, shape [examples, classes]; finite.</param>
    /// <param name="classes">Classes told apart.</param>
    /// <param name="labels">The right class of each example; at least one.</param>
    /// <param name="temperature">Positive; divides the logits. 1 measures the network as it is.</param>
    /// <param name="bins">Bins of equal width, at least 1.</param>
    /// <exception cref="ArgumentException">There is no example, a logit is not finite, or a label is not a class.</exception>
    public static CalibrationSummary Measure(ReadOnlySpan<float> logits, int classes, ReadOnlySpan<long> labels, double temperature = 1, int bins = 15)
    {
        LabelledScores table = new(logits, classes, labels);
        table.RequireFinite();
        if (table.Examples == 0)
        {
            throw new ArgumentException("Calibration is measured on at least one example. Received: none.");
        }

        double[] probabilities = new double[classes];
        double[] confidences = new double[table.Examples];
        bool[] right = new bool[table.Examples];
        for (int i = 0; i < table.Examples; i++)
        {
            Probabilities.Softmax(table[i], probabilities, temperature);
            int predicted = Accuracy.Predicted(table[i]);
            confidences[i] = probabilities[predicted];
            right[i] = predicted == table.Label(i);
        }
        IReadOnlyList<ReliabilityBin> diagram = ReliabilityDiagram.EqualWidth(confidences, right, bins);
        return new CalibrationSummary
        {
            ExpectedCalibrationError = CalibrationError.Expected(diagram),
            MaximumCalibrationError = CalibrationError.Maximum(diagram),
            NegativeLogLikelihood = Metrics.NegativeLogLikelihood.Mean(logits, classes, labels, temperature),
            BrierScore = Calibration.BrierScore.Mean(logits, classes, labels, temperature),
            Bins = diagram,
        };
    }
}

/// <summary>Examples whose confidence lies in (<see cref="Lower"/>, <see cref="Upper"/>].</summary>
public sealed record ReliabilityBin
{
    /// <summary>Exclusive lower bound.</summary>
    public required double Lower { get; init; }

    /// <summary>Inclusive upper bound.</summary>
    public required double Upper { get; init; }

    /// <summary>Examples in the bin.</summary>
    public required int Count { get; init; }

    /// <summary>Mean confidence; 0 for an empty bin.</summary>
    public required double Confidence { get; init; }

    /// <summary>Share predicted right; 0 for an empty bin.</summary>
    public required double Accuracy { get; init; }
}
