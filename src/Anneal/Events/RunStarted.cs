namespace Anneal.Events;

/// <summary>The first event of a run: what is about to be trained, and for how long.</summary>
public sealed record RunStarted : TrainingEvent
{
    /// <summary>The model's registered name, such as <c>resnet9</c>.</summary>
    public required string Model { get; init; }

    /// <summary>Trainable numbers in the model.</summary>
    public required long Parameters { get; init; }

    /// <summary>Optimizer updates that the recipe asks for.</summary>
    public required long Steps { get; init; }

    /// <summary>Optimizer updates in one pass over the training examples.</summary>
    public required long StepsPerEpoch { get; init; }

    /// <summary>Examples trained on; those set aside for validation are not among them.</summary>
    public required long TrainingExamples { get; init; }

    /// <summary>Examples set aside for validation; 0 when there are none.</summary>
    public required long ValidationExamples { get; init; }

    /// <summary>Classes the labels tell apart.</summary>
    public required int Classes { get; init; }

    /// <summary>The seed that all random draws of the run derive from.</summary>
    public required ulong Seed { get; init; }
}
