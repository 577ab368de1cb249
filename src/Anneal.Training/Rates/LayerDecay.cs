namespace Anneal.Training.Rates;

/// <summary>Each layer has the rate of the layer after it times a factor below 1: those near the input, which are the most general, change least.</summary>
/// <remarks>
/// Clark et al., "ELECTRA: pre-training text encoders as discriminators rather than generators", ICLR 2020, which fine-tunes
/// with 0.8; by residual blocks for images.
/// </remarks>
public sealed record LayerDecay : IRateFactor
{
    /// <summary>A layer's rate over that of the layer after it; above 0, at most 1.</summary>
    public double Factor
    {
        get;
        init => field = value is > 0 and <= 1 ? value : throw new ArgumentException($"The factor of a layer decay must be above 0 and at most 1. Received: {value}.");
    } = 0.8;

    /// <inheritdoc/>
    public double? Of(ParameterPlace place) => Math.Pow(Factor, place.Layers - 1 - place.Layer);
}
