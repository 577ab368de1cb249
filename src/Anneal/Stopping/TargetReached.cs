using Anneal.Events;

namespace Anneal.Stopping;

/// <summary>Stops as soon as a metric is as good as asked for.</summary>
public sealed record TargetReached : IStopRule
{
    /// <summary>The metric watched, one of <see cref="RunMetric.Names"/>.</summary>
    public required string Metric { get; init => field = RunMetric.Known(value); }

    /// <summary>Which way it is better.</summary>
    public required Direction Direction { get; init; }

    /// <summary>The value that is good enough, in the metric's unit; finite.</summary>
    public required double Target
    {
        get;
        init => field = double.IsFinite(value) ? value : throw new ArgumentException($"A target must be finite. Received: {value}.");
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
        // The last event need not be among them: raw weights are left out where averaged ones are measured.
        return values[^1].Step == history[^1].Step && (values[^1].Value == Target || Direction.IsBetter(values[^1].Value, Target))
            ? StopReason.Stopped($"{Metric} reached {values[^1].Value:G4} at step {values[^1].Step}, the target is {Target:G4}.")
            : null;
    }
}
