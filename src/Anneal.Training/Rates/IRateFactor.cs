namespace Anneal.Training.Rates;

/// <summary>A multiplier of the learning rate for some of the parameters: a value of a recipe. Several multiply each other.</summary>
public interface IRateFactor
{
    /// <summary>What the rate of a parameter is multiplied by, at least 0; null where this does not apply to it.</summary>
    double? Of(ParameterPlace place);
}
