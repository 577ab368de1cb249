using System.Text.Json.Serialization;

namespace Anneal.Calibration;

/// <summary>A temperature that was fitted on few or many examples, and whether they show that it helps.</summary>
public sealed record TemperatureFit
{
    /// <summary>Examples it was fitted on; at least 1.</summary>
    public required int Examples { get; init; }

    /// <summary>The temperature of the lowest negative log-likelihood on these examples, <see cref="TemperatureScaling.Lowest"/> to <see cref="TemperatureScaling.Highest"/>.</summary>
    public required double Likeliest { get; init; }

    /// <summary>The same, drawn towards 1 by its uncertainty; between the likeliest and 1.</summary>
    public required double Shrunk { get; init; }

    /// <summary>Whether the shrunk temperature is used. Where it is not, the model stays as it is.</summary>
    public required bool Kept { get; init; }

    /// <summary>Why, as the end of a sentence: the numbers of the cross-validation, or what these examples cannot say.</summary>
    public required string Reason { get; init; }

    /// <summary>Mean negative log-likelihood at temperature 1, in nats.</summary>
    public required double CrossValidatedBefore { get; init; }

    /// <summary>Mean negative log-likelihood of each tenth at the temperature that the other nine choose, in nats; null for one example.</summary>
    public double? CrossValidatedAfter { get; init; }

    /// <summary>Standard error of the difference, in nats; null for one example.</summary>
    public double? StandardError { get; init; }

    /// <summary>The temperature to use: the shrunk one where it is kept, else 1.</summary>
    [JsonIgnore]
    public double Temperature => Kept ? Shrunk : 1;
}
