namespace Anneal.Events;

/// <summary>A step was left out because a number in it was not finite. The weights are as before it.</summary>
public sealed record StepSkipped : TrainingEvent
{
    /// <summary>What was not finite: <c>loss</c> or <c>gradient</c>.</summary>
    public required string Cause { get; init; }

    /// <summary>Steps skipped in a row, this one included.</summary>
    public required int InARow { get; init; }

    /// <summary>Steps skipped since the run began, this one included.</summary>
    public required long InTotal { get; init; }
}
