using Anneal.Training.Modules;

namespace Anneal.Training.Averaging;

/// <summary>An average of the weights over training, which often generalizes better than the last ones: a value of a recipe.</summary>
public interface IWeightAverage
{
    /// <summary>An average that starts as the model is now.</summary>
    IBoundAverage Bind(Module model);
}
