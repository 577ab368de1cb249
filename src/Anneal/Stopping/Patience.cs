using Anneal.Events;

namespace Anneal.Stopping;

/// <summary>Stops when a metric has not improved for a number of measurements (early stopping).</summary>
/// <remarks>Prechelt, "Early Stopping — But When?", in Neural Networks: Tricks of the Trade, 1998, on why and how long to wait.</remarks>
public sealed record Patience : IStopRule
{
    /// <summary>The metric watched, one of <see cref="RunMetric.Names"/>.</summary>
    public required string Metric { get; init => field = RunMetric.Known(value); }

    /// <summary>Which way it is better.</summary>
    public required Direction Direction { get; init; }

    /// <summary>Measurements in a row without improvement that end the run; at least 1.</summary>
    public required int Measurements
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentException($"Patience must be at least 1 measurement. Received: {value}.");
    }

    /// <summary>An improvement must be larger than this, in the metric's unit; 0 or more.</summary>
    public double SmallestImprovement
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentException($"SmallestImprovement must be 0 or more, and finite. Received: {value}.");
    }

    string? IStopRule.Watched => Metric;

    /// <inheritdoc/>
    public StopReason? Decide(IReadOnlyList<TrainingEvent> history)
    {
        if (history.Count == 0 || !RunMetric.IsMeasuredBy(history[^1], Metric))
        {
            return null;
        }
        IReadOnlyList<MetricValue> values = RunMetric.Read(history, Metric);
        int best = 0;
        for (int i = 1; i < values.Count; i++)
        {
            if (Direction.IsBetter(values[i].Value, values[best].Value, SmallestImprovement))
            {
                best = i;
            }
        }
        int waited = values.Count - 1 - best;
        return waited < Measurements ? null : StopReason.Stopped(
            $"{Metric} has not improved for {waited} measurements: best {values[best].Value:G4} at step {values[best].Step}, now {values[^1].Value:G4} at step {values[^1].Step}.");
    }
}
