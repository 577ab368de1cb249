using Anneal.Events;
using Anneal.Reports.Charts;

namespace Anneal.Reports;

/// <summary>A run's events as curves over the passes through its training data.</summary>
sealed class RunHistory
{
    public RunHistory(IReadOnlyList<TrainingEvent> events)
    {
        Started = events.OfType<RunStarted>().FirstOrDefault();
        Ended = events.Count > 0 ? events[^1] as RunEnded : null;
        Epochs = [.. events.OfType<EpochEnded>()];
        Steps = [.. events.OfType<StepEnded>()];
        Validations = PickValidations(events);
        Seconds = events.Count > 0 ? events[^1].Seconds : null;

        StepsPerEpoch =
            Started is { StepsPerEpoch: > 0 } ? Started.StepsPerEpoch
            : Epochs is [var first, ..] && first.Step > 0 ? (double)first.Step / (first.Epoch + 1)
            : null;
        if (StepsPerEpoch is { } steps)
        {
            TrainingLoss = Curve.From(Steps, step => step.Step / steps, step => step.Loss);
            GradientNorm = Curve.From(Steps, step => step.Step / steps, step => step.GradientNorm);
            Throughput = Curve.From(Steps, step => step.Step / steps, step => step.ExamplesPerSecond);
        }

        if (TrainingLoss.Count == 0)
        {
            TrainingLoss = Curve.From(Epochs, epoch => epoch.Epoch + 1, epoch => epoch.TrainingLoss);
        }

        TrainingAccuracy = Curve.From(Epochs, epoch => epoch.Epoch + 1, epoch => epoch.TrainingAccuracy);
        ValidationLoss = Curve.From(Validations, measured => measured.Epochs, measured => measured.Loss);
        ValidationAccuracy = Curve.From(Validations, measured => measured.Epochs, measured => measured.Accuracy);
    }

    public RunStarted? Started { get; }

    public RunEnded? Ended { get; }

    public IReadOnlyList<EpochEnded> Epochs { get; }

    public IReadOnlyList<StepEnded> Steps { get; }

    /// <summary>At most one for a step: where raw and averaged weights were both measured, the averaged ones, which are those that are kept.</summary>
    public IReadOnlyList<Evaluated> Validations { get; }

    public double? Seconds { get; }

    /// <summary>Updates in a pass over the training data; null where no event tells.</summary>
    public double? StepsPerEpoch { get; }

    public Curve TrainingLoss { get; } = Curve.Empty;

    /// <summary>The gradients' L2 norm before clipping, over the epochs.</summary>
    public Curve GradientNorm { get; } = Curve.Empty;

    /// <summary>Training examples a second, over the epochs.</summary>
    public Curve Throughput { get; } = Curve.Empty;

    public Curve TrainingAccuracy { get; }

    public Curve ValidationLoss { get; }

    public Curve ValidationAccuracy { get; }

    public bool IsEmpty => TrainingLoss.Count + TrainingAccuracy.Count + ValidationLoss.Count == 0;

    public static IReadOnlyList<Evaluated> PickValidations(IEnumerable<TrainingEvent> events) =>
    [
        .. events.OfType<Evaluated>()
            .Where(measured => measured.Split == "validation")
            .GroupBy(measured => measured.Step)
            .Select(same => same.LastOrDefault(measured => measured.Averaged) ?? same.Last()),
    ];
}
