namespace Anneal.Durations;

/// <summary>What a <see cref="Duration"/> counts.</summary>
public enum DurationUnit
{
    /// <summary>Optimizer updates; written <c>500st</c> or <c>500</c>.</summary>
    Steps,

    /// <summary>Passes over the training data; written <c>30ep</c>.</summary>
    Epochs,

    /// <summary>Shares of the whole run; written <c>0.3run</c>.</summary>
    Run,

    /// <summary>Training examples; written <c>20000samples</c>.</summary>
    Samples,
}
