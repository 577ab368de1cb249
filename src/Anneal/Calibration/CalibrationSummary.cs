namespace Anneal.Calibration;

/// <summary>How far a classifier's confidences are from its accuracies.</summary>
public sealed record CalibrationSummary
{
    /// <summary>Top-label expected calibration error over 15 bins of equal width, 0 to 1 (Guo et al. 2017, section 2).</summary>
    public required double ExpectedCalibrationError { get; init; }

    /// <summary>The largest gap of any bin, 0 to 1.</summary>
    public required double MaximumCalibrationError { get; init; }

    /// <summary>Mean negative log-likelihood in nats.</summary>
    public required double NegativeLogLikelihood { get; init; }

    /// <summary>Mean squared distance between the predicted distribution and the one-hot truth, 0 to 2 (Brier 1950).</summary>
    public required double BrierScore { get; init; }

    /// <summary>The bins behind the numbers, from low confidence to high.</summary>
    public required IReadOnlyList<ReliabilityBin> Bins { get; init; }
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
