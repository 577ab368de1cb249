namespace Anneal.Events;

/// <summary>The numbers that a run records and that a rule can watch, by name.</summary>
/// <remarks>
/// Where a run measures averaged weights, those are its validation metrics, since they are what it will be used with.
/// </remarks>
public static class RunMetric
{
    /// <summary>Mean training loss of each pass, in nats.</summary>
    public const string TrainingLoss = "training-loss";

    /// <summary>Training accuracy of each pass, 0 to 1.</summary>
    public const string TrainingAccuracy = "training-accuracy";

    /// <summary>Loss of each evaluation on the validation examples, in nats.</summary>
    public const string ValidationLoss = "validation-loss";

    /// <summary>Accuracy of each evaluation on the validation examples, 0 to 1.</summary>
    public const string ValidationAccuracy = "validation-accuracy";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [TrainingLoss, TrainingAccuracy, ValidationLoss, ValidationAccuracy];

    /// <summary>The name, if a run records such a metric.</summary>
    /// <exception cref="ArgumentException">It records none of that name.</exception>
    public static string Known(string name)
    {
        ArgumentNullException.ThrowIfNull(name, "metric");
        return Names.Contains(name) ? name : throw new ArgumentException($"No metric named '{name}'. A run records: {string.Join(", ", Names)}.");
    }

    /// <summary>Whether a metric is measured on the validation examples.</summary>
    /// <exception cref="ArgumentException">A run records no metric of that name.</exception>
    public static bool IsOfValidation(string name) => Known(name) is ValidationLoss or ValidationAccuracy;

    /// <summary>All measurements of a metric, in order.</summary>
    /// <exception cref="ArgumentException">A run records no metric of that name.</exception>
    public static IReadOnlyList<MetricValue> Read(IReadOnlyList<TrainingEvent> history, string name) => Known(name) switch
    {
        TrainingLoss => [.. history.OfType<EpochEnded>().Select(e => new MetricValue(e.Step, e.TrainingLoss))],
        TrainingAccuracy => [.. history.OfType<EpochEnded>().Select(e => new MetricValue(e.Step, e.TrainingAccuracy))],
        ValidationLoss => [.. Validations(history).Select(e => new MetricValue(e.Step, e.Loss))],
        _ => [.. Validations(history).Select(e => new MetricValue(e.Step, e.Accuracy))],
    };

    /// <summary>Whether an event is a measurement of a metric; only then can a rule that watches it have something new to say.</summary>
    /// <exception cref="ArgumentException">A run records no metric of that name.</exception>
    public static bool IsMeasuredBy(TrainingEvent happened, string name) => IsOfValidation(name)
        ? happened is Evaluated { Split: "validation" }
        : happened is EpochEnded;

    /// <summary>The evaluations on validation examples: those of averaged weights where there are any, else those of the raw ones.</summary>
    public static IReadOnlyList<Evaluated> Validations(IReadOnlyList<TrainingEvent> history)
    {
        IReadOnlyList<Evaluated> all = [.. history.OfType<Evaluated>().Where(e => e.Split == "validation")];
        bool averaged = all.Any(e => e.Averaged);
        return [.. all.Where(e => e.Averaged == averaged)];
    }
}

/// <summary>One measurement.</summary>
/// <param name="Step">Optimizer updates done when it was taken.</param>
/// <param name="Value">The number.</param>
public readonly record struct MetricValue(long Step, double Value);
