using Anneal.Events;

namespace Anneal.Stopping;

/// <summary>When to write a checkpoint and which to keep: the newest few, the best one, and one every so often for good.</summary>
/// <remarks>
/// It reads what was saved from the <see cref="CheckpointSaved"/> events, so a failed save is made up for at the next
/// occasion, and nothing is deleted before what replaces it is safely on disk. A file is known by its name: a step makes at
/// most one file, with one event for each reason to keep it.
/// </remarks>
public sealed record CheckpointPolicy
{
    /// <summary>Passes between two rolling checkpoints; 0 for none by passes.</summary>
    public int LastEveryEpochs { get; init => field = NotNegative(value, nameof(LastEveryEpochs)); } = 1;

    /// <summary>Steps between two rolling checkpoints; 0 for none by steps.</summary>
    public long LastEverySteps { get; init => field = NotNegative(value, nameof(LastEverySteps)); }

    /// <summary>Newest checkpoints that are kept, at least 1. Two, so that a damaged one has one before it.</summary>
    public int KeepLast
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentException($"KeepLast must be at least 1. Received: {value}.");
    } = 2;

    /// <summary>The metric whose best checkpoint is kept; null for none.</summary>
    public BestMetric? Best { get; init; } = new() { Metric = RunMetric.ValidationAccuracy, Direction = Direction.Maximize };

    /// <summary>Passes between two checkpoints kept for good; 0 for none by passes.</summary>
    public int KeepEveryEpochs { get; init => field = NotNegative(value, nameof(KeepEveryEpochs)); }

    /// <summary>Steps between two checkpoints kept for good; 0 for none by steps.</summary>
    public long KeepEverySteps { get; init => field = NotNegative(value, nameof(KeepEverySteps)); }

    /// <summary>What to do now. Asked at the end of each step, after all of the step's events, and once more after what it saved.</summary>
    /// <param name="history">All events of the run so far, in order.</param>
    /// <param name="step">Optimizer updates done; may be past the last event's.</param>
    /// <param name="ends">Whether the run ends here: then its state is saved in any case.</param>
    public IReadOnlyList<CheckpointAction> Decide(IReadOnlyList<TrainingEvent> history, long step, bool ends = false)
    {
        List<TrainingEvent> now = OfStep(history, step);
        if (now.OfType<CheckpointSaved>().LastOrDefault() is { } saved)
        {
            // A save that failed is not tried again at once: the disk is as full as it was.
            return saved.Error is null ? Superfluous(history) : [];
        }
        EpochEnded? ended = now.OfType<EpochEnded>().LastOrDefault();
        List<SaveCheckpoint> due = [];
        if (Best is not null && now.Any(happened => RunMetric.IsMeasuredBy(happened, Best.Metric)) && IsBestSoFar(history, Best, step))
        {
            due.Add(new SaveCheckpoint("best"));
        }
        if (IsDue(KeepEveryEpochs, KeepEverySteps))
        {
            due.Add(new SaveCheckpoint("every"));
        }
        if (due.Count == 0 && (ends || IsDue(LastEveryEpochs, LastEverySteps)))
        {
            due.Add(new SaveCheckpoint("last"));
        }
        return due;

        bool IsDue(int everyEpochs, long everySteps) =>
            Divides(everyEpochs, ended?.Epoch + 1) || Divides(everySteps, step > 0 ? step : null);
    }

    // Nearly every step has few events or none: the history is not searched from its beginning.
    static List<TrainingEvent> OfStep(IReadOnlyList<TrainingEvent> history, long step)
    {
        int first = history.Count;
        while (first > 0 && history[first - 1].Step == step)
        {
            first--;
        }
        return [.. history.Skip(first)];
    }

    static bool IsBestSoFar(IReadOnlyList<TrainingEvent> history, BestMetric best, long step)
    {
        IReadOnlyList<MetricValue> values = RunMetric.Read(history, best.Metric);
        return values[^1].Step == step
            && !double.IsNaN(values[^1].Value)
            && values.Take(values.Count - 1).All(v => best.Direction.IsBetter(values[^1].Value, v.Value));
    }

    List<DeleteCheckpoint> Superfluous(IReadOnlyList<TrainingEvent> history)
    {
        List<CheckpointSaved> saved = [.. Saved(history)];
        HashSet<string> needed =
        [
            .. saved.Select(s => s.File).Reverse().Distinct().Take(KeepLast),
            .. saved.Where(s => s.Reason == "best").Select(s => s.File).TakeLast(1),
            .. saved.Where(s => s.Reason == "every").Select(s => s.File),
        ];
        return [.. saved.Select(s => s.File).Distinct().Where(file => !needed.Contains(file)).Select(file => new DeleteCheckpoint(file))];
    }

    static IEnumerable<CheckpointSaved> Saved(IReadOnlyList<TrainingEvent> history) =>
        history.OfType<CheckpointSaved>().Where(s => s.Error is null);

    static bool Divides(long every, long? at) => every > 0 && at is { } value && value % every == 0;

    static int NotNegative(int value, string name) => (int)NotNegative((long)value, name);

    static long NotNegative(long value, string name) => value >= 0 ? value
        : throw new ArgumentException($"{name} must be 0 (never) or more. Received: {value}.");
}

/// <summary>A metric and which way it is better.</summary>
public sealed record BestMetric
{
    /// <summary>The metric, one of <see cref="RunMetric.Names"/>.</summary>
    public required string Metric { get; init => field = RunMetric.Known(value); }

    /// <summary>Which way it is better.</summary>
    public required Direction Direction { get; init; }
}
