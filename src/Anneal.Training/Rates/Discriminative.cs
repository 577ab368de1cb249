namespace Anneal.Training.Rates;

/// <summary>Discriminative rates: each stage has the rate of the stage after it over a divisor.</summary>
/// <remarks>Howard and Ruder, "Universal language model fine-tuning for text classification", ACL 2018, section 3.2, with 2.6.</remarks>
public sealed record Discriminative : IRateFactor
{
    /// <summary>A stage's rate divided by it is the rate of the stage before; at least 1.</summary>
    public double Divisor
    {
        get;
        init => field = value >= 1 && double.IsFinite(value) ? value : throw new ArgumentException($"The divisor of discriminative rates must be at least 1. Received: {value}.");
    } = 2.6;

    /// <inheritdoc/>
    public double? Of(ParameterPlace place) => Math.Pow(Divisor, place.Stage + 1 - place.Stages);
}
