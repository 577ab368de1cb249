using System.Text.Json.Serialization;

namespace Anneal.Search;

/// <summary>How far a trial is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TrialState>))]
public enum TrialState
{
    /// <summary>It is training.</summary>
    Running,

    /// <summary>It trained to its end.</summary>
    Completed,

    /// <summary>A pruner ended it early.</summary>
    Pruned,

    /// <summary>It diverged or failed.</summary>
    Failed,
}

/// <summary>What is known of a trial at one moment. Samplers and pruners are handed these, so that what they decide can be decided again.</summary>
public sealed record TrialSnapshot
{
    /// <summary>The trial's number, counted from 1 in the order the trials were drawn.</summary>
    public required int Number { get; init; }

    /// <summary>How far it is.</summary>
    public required TrialState State { get; init; }

    /// <summary>What was drawn for it: recipe key → value.</summary>
    public IReadOnlyDictionary<string, ParameterValue> Values { get; init; } = new Dictionary<string, ParameterValue>();

    /// <summary>Its metric as it trains, in the order measured.</summary>
    public IReadOnlyList<IntermediateValue> Intermediate { get; init; } = [];
}

/// <summary>A trial's metric on its way.</summary>
/// <param name="Epochs">Passes over the training data made; a fraction inside one. Trials are compared at equal places, so measure all of them at the same ones.</param>
/// <param name="Value">The metric, such as validation accuracy.</param>
public readonly record struct IntermediateValue(double Epochs, double Value);
