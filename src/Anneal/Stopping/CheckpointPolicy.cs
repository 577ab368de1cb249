using Anneal.Events;

namespace Anneal.Stopping;

/// <summary>When to write a checkpoint and which to keep: the newest few, the best one, and one every so often for good.</summary>
/// <remarks>
/// It reads what was saved from the <see cref="CheckpointSaved"/> events, so a failed save is made up for at the next
/// occasion, and nothing is deleted before what replaces it is safely on disk. A file is known by its name: a save at one
/// step makes one file.
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
    public BestMetric? Best { get; init; }

    /// <summary>Passes between two checkpoints kept for good; 0 for none by passes.</summary>
    public int KeepEveryEpochs { get; init => field = NotNegative(value, nameof(KeepEveryEpochs)); }

    /// <summary>Steps between two checkpoints kept for good; 0 for none by steps.</summary>
    public long KeepEverySteps { get; init => field = NotNegative(value, nameof(KeepEverySteps)); }

    /// <summary>What to do now. Asked after each event and after each step.</summary>
    /// <param name="history">All events of the run so far, in order.</param>
    /// <param name="step">Optimizer updates done; may be past the last event's.</param>
    public IReadOnlyList<CheckpointAction> Decide(IReadOnlyList<TrainingEvent> history, long step)
    {
        TrainingEvent? last = history.Count > 0 && history[^1].Step == step ? history[^1] : null;
        if (last is CheckpointSaved { Error: null })
        {
            return Superfluous(history);
        }
        // A save that failed is not tried again at once: the disk is as full as it was.
        if (last is CheckpointSaved)
        {
            return [];
        }
        string? reason = Due(history, last, step);
        if (reason is null)
        {
            return [];
        }
        List<CheckpointSaved> now = [.. Saved(history).Where(s => s.Step == step)];
        return now.Count == 0 ? [new SaveCheckpoint(reason)]
            : now.Any(s => s.Reason == reason) ? []
            : [new KeepCheckpoint(now[^1].File, reason)];
    }

    string? Due(IReadOnlyList<TrainingEvent> history, TrainingEvent? last, long step)
    {
        if (Best is not null && last is not null && RunMetric.IsMeasuredBy(last, Best.Metric) && IsBestSoFar(history, Best, step))
        {
            return "best";
        }
        EpochEnded? ended = last as EpochEnded;
        // What happened at a step is asked about once: by the epoch's end if that is what happened, else by the step itself.
        bool byStep = step > 0 && last is null or StepEnded;
        if (Divides(KeepEveryEpochs, ended?.Epoch + 1) || Divides(KeepEverySteps, byStep ? step : null))
        {
            return "every";
        }
        return Divides(LastEveryEpochs, ended?.Epoch + 1) || Divides(LastEverySteps, byStep ? step : null) ? "last" : null;
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
