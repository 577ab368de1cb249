using System.Text.Json.Serialization;

namespace Anneal.Events;

/// <summary>Something that happened in a training run: plain numbers, one JSON line each.</summary>
/// <remarks>
/// The same records are the log, the report's input, the history that stop rules read, and the tests' oracle.
/// In JSON the property <c>event</c> names the kind.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(RunStarted), "run-started")]
[JsonDerivedType(typeof(StepEnded), "step")]
[JsonDerivedType(typeof(StepSkipped), "step-skipped")]
[JsonDerivedType(typeof(EpochEnded), "epoch")]
[JsonDerivedType(typeof(Evaluated), "evaluated")]
[JsonDerivedType(typeof(CheckpointSaved), "checkpoint")]
[JsonDerivedType(typeof(SpeedCollapsed), "speed-collapsed")]
[JsonDerivedType(typeof(RunResumed), "run-resumed")]
[JsonDerivedType(typeof(RunEnded), "run-ended")]
public abstract record TrainingEvent
{
    /// <summary>Optimizer updates done when it happened.</summary>
    public required long Step { get; init; }

    /// <summary>Seconds of training so far, added up over interruptions. Excludes the time between a kill and its resume.</summary>
    public required double Seconds { get; init; }
}
