using Anneal.Calibration;
using Anneal.Events;

namespace Anneal.Metrics;

/// <summary>A trained model measured on a whole split; <c>evaluation.json</c> in a run folder.</summary>
public sealed record Evaluation
{
    /// <summary><c>test</c> or <c>validation</c>.</summary>
    public required string Split { get; init; }

    /// <summary>Examples measured.</summary>
    public required int Examples { get; init; }

    /// <summary>Share predicted right, 0 to 1.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Mean cross-entropy in nats at temperature 1.</summary>
    public required double Loss { get; init; }

    /// <summary>Class names in label order.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Counts [true class][predicted class].</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Confusion { get; init; }

    /// <summary>The temperature fitted on the validation split; 1 where there was none to fit on, or the fit was not kept.</summary>
    public required double Temperature { get; init; }

    /// <summary>How it was fitted, and why it was kept or not; null where nothing was fitted for this measurement.</summary>
    public TemperatureFit? Fit { get; init; }

    /// <summary>The statistics of normalization measured anew for this, where the running ones did not fit the weights; null where they did.</summary>
    public StatisticsRefresh? Statistics { get; init; }

    /// <summary>Calibration at temperature 1.</summary>
    public required CalibrationSummary Before { get; init; }

    /// <summary>Calibration at <see cref="Temperature"/>.</summary>
    public required CalibrationSummary After { get; init; }

    /// <summary>The worst mistakes: wrong with the highest confidence first.</summary>
    public required IReadOnlyList<PredictedExample> Mistakes { get; init; }

    /// <summary>Examples drawn by index, right or wrong.</summary>
    public required IReadOnlyList<PredictedExample> Samples { get; init; }
}

/// <summary>One example with what the model said of it.</summary>
public sealed record PredictedExample
{
    /// <summary>Its place in the split.</summary>
    public required int Index { get; init; }

    /// <summary>The true class.</summary>
    public required int Label { get; init; }

    /// <summary>The class with the highest probability.</summary>
    public required int Predicted { get; init; }

    /// <summary>That probability after temperature scaling, 0 to 1.</summary>
    public required double Confidence { get; init; }

    /// <summary>Image size: channels (1 or 3), height, width.</summary>
    public required IReadOnlyList<int> Shape { get; init; }

    /// <summary>Pixels, channel by channel, row by row, 0 to 255; in JSON as base64.</summary>
    public required byte[] Pixels { get; init; }
}
