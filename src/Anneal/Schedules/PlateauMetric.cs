namespace Anneal.Schedules;

/// <summary>What <see cref="Plateau"/> watches; whether lower or higher is better belongs to each.</summary>
public enum PlateauMetric
{
    /// <summary>Mean loss on the validation split; lower is better. Written <c>validation-loss</c>.</summary>
    ValidationLoss,

    /// <summary>Share of the validation split predicted right; higher is better. Written <c>validation-accuracy</c>.</summary>
    ValidationAccuracy,

    /// <summary>Mean training loss of an epoch; lower is better. Written <c>training-loss</c>.</summary>
    TrainingLoss,
}
