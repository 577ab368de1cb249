using Anneal.Events;

namespace Anneal.Curves;

/// <summary>The curves of one run, each in the order it was measured. Curves that were not recorded are empty.</summary>
public sealed record CurveHistory
{
    /// <summary>Mean training loss of each pass, with smoothing and mixing as trained.</summary>
    public IReadOnlyList<CurvePoint> TrainingLoss { get; init; } = [];

    /// <summary>Share of training examples predicted right in each pass, with augmentation as trained.</summary>
    public IReadOnlyList<CurvePoint> TrainingAccuracy { get; init; } = [];

    /// <summary>Loss of each evaluation on the validation examples, in nats.</summary>
    public IReadOnlyList<CurvePoint> ValidationLoss { get; init; } = [];

    /// <summary>Accuracy of each evaluation on the validation examples, 0 to 1.</summary>
    public IReadOnlyList<CurvePoint> ValidationAccuracy { get; init; } = [];

    /// <summary>Training loss of every few steps.</summary>
    public IReadOnlyList<CurvePoint> StepLoss { get; init; } = [];

    /// <summary>The learning rate at every few steps.</summary>
    public IReadOnlyList<CurvePoint> LearningRate { get; init; } = [];

    /// <summary>Classes the labels tell apart; 0 where it is not known.</summary>
    public int Classes { get; init; }

    /// <summary>Examples that the validation curves were measured on; 0 where it is not known, and then 1,000 are assumed.</summary>
    public long ValidationExamples { get; init; }

    /// <summary>Passes over the training data that were planned; 0 where it is not known.</summary>
    public double PlannedEpochs { get; init; }

    /// <summary>The training loss of a perfect network, in nats: above 0 where the labels are smoothed.</summary>
    public double LossFloor { get; init; }

    /// <summary>How the run ended; null while it is under way.</summary>
    public string? Outcome { get; init; }

    /// <summary>Passes over the training data made.</summary>
    public double Epochs => new[] { TrainingLoss, ValidationLoss, ValidationAccuracy, StepLoss }
        .Where(curve => curve.Count > 0).Select(curve => curve[^1].Epochs).DefaultIfEmpty(0).Max();

    /// <summary>The curves that a run's events draw.</summary>
    /// <param name="events">The events in order. Where averaged weights are measured, the curves of the raw ones are left out.</param>
    public static CurveHistory From(IEnumerable<TrainingEvent> events)
    {
        IReadOnlyList<TrainingEvent> all = [.. events];
        RunStarted? started = all.OfType<RunStarted>().LastOrDefault();
        IReadOnlyList<EpochEnded> epochs = [.. all.OfType<EpochEnded>()];
        IReadOnlyList<Evaluated> evaluations = RunMetric.Validations(all);
        IReadOnlyList<StepEnded> steps = [.. all.OfType<StepEnded>()];

        // A log without its first line still tells how long a pass is, once one has ended.
        double stepsPerEpoch = started?.StepsPerEpoch
            ?? (epochs.Count > 0 ? (double)epochs[^1].Step / (epochs[^1].Epoch + 1) : double.PositiveInfinity);
        return new CurveHistory
        {
            TrainingLoss = [.. epochs.Select(e => new CurvePoint(e.Epoch + 1, e.TrainingLoss))],
            TrainingAccuracy = [.. epochs.Select(e => new CurvePoint(e.Epoch + 1, e.TrainingAccuracy))],
            ValidationLoss = [.. evaluations.Select(e => new CurvePoint(e.Epochs, e.Loss))],
            ValidationAccuracy = [.. evaluations.Select(e => new CurvePoint(e.Epochs, e.Accuracy))],
            StepLoss = [.. steps.Select(s => new CurvePoint(s.Step / stepsPerEpoch, s.Loss))],
            LearningRate =
            [
                .. steps.Where(s => s.Values.ContainsKey("learning-rate"))
                    .Select(s => new CurvePoint(s.Step / stepsPerEpoch, s.Values["learning-rate"])),
            ],
            Classes = started?.Classes ?? 0,
            // Each evaluation says it, also in a log whose first line is gone.
            ValidationExamples = evaluations.Count > 0 ? evaluations[^1].Examples : started?.ValidationExamples ?? 0,
            PlannedEpochs = started is { StepsPerEpoch: > 0 } ? (double)started.Steps / started.StepsPerEpoch : 0,
            LossFloor = steps.Count > 0 && steps[^1].Values.TryGetValue("label-smoothing", out double share)
                ? EntropyOfSmoothed(share, started?.Classes ?? 0) : 0,
            Outcome = all.OfType<RunEnded>().LastOrDefault()?.Outcome,
        };
    }

    // What is assumed where nobody says how many: few enough that small changes are left alone.
    const long AssumedExamples = 1000;

    internal RateCourse Rate => new(LearningRate);

    // Whether the run ended, or was last seen, before its planned end without having been told to.
    internal bool IsUnfinished => Outcome is null or "interrupted" && Epochs < 0.98 * PlannedEpochs;

    // One standard deviation of an accuracy by the luck of which examples it was measured on.
    internal double AccuracyError(double accuracy) =>
        SamplingError.OfAccuracy(accuracy, ValidationExamples > 0 ? ValidationExamples : AssumedExamples);

    // The same of a loss, as a share of it.
    internal double LossErrorShare(double accuracy) =>
        SamplingError.ShareOfLoss(accuracy, ValidationExamples > 0 ? ValidationExamples : AssumedExamples);

    internal string ExamplesInWords => ValidationExamples > 0
        ? $"{Figures.Count(ValidationExamples)} validation examples"
        : $"an unknown number of validation examples ({Figures.Count(AssumedExamples)} assumed)";

    // What a network that knows nothing loses: log C, or what the run lost at first where C is not known.
    internal double UntrainedLoss => Classes >= 2 ? Math.Log(Classes)
        : StepLoss.Count > 0 ? StepLoss[0].Value
        : TrainingLoss.Count > 0 ? TrainingLoss[0].Value : double.NaN;

    static double EntropyOfSmoothed(double share, int classes)
    {
        if (share <= 0 || classes < 2)
        {
            return 0;
        }
        double other = share / classes;
        double right = 1 - share + other;
        return -(right * Math.Log(right)) - ((classes - 1) * other * Math.Log(other));
    }

    // The last third of the run, but three points at least: fewer make no trend.
    internal IReadOnlyList<CurvePoint> Tail(IReadOnlyList<CurvePoint> curve)
    {
        double from = Epochs * 2 / 3;
        int first = 0;
        while (first < curve.Count && curve[first].Epochs < from)
        {
            first++;
        }
        return [.. curve.Skip(Math.Max(0, Math.Min(first, curve.Count - 3)))];
    }

    // Training accuracy less validation accuracy at each evaluation from the first full pass on.
    internal IReadOnlyList<CurvePoint> Gap()
    {
        List<CurvePoint> gap = [];
        foreach (CurvePoint measured in ValidationAccuracy)
        {
            CurvePoint? trained = TrainingAccuracy.Where(t => t.Epochs <= measured.Epochs + 1e-9).Select(t => (CurvePoint?)t).LastOrDefault();
            if (trained is { } t)
            {
                gap.Add(new CurvePoint(measured.Epochs, t.Value - measured.Value));
            }
        }
        return gap;
    }
}
