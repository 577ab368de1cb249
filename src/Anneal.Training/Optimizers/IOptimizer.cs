using Anneal.Torch;

namespace Anneal.Training.Optimizers;

/// <summary>An optimizer bound to parameters, with its state. It is given every value it uses at each step.</summary>
public interface IOptimizer : IDisposable
{
    /// <summary>Updates all parameters from their gradients.</summary>
    /// <param name="values">Scheduled values by name at this step: <c>learning-rate</c>, and those the optimizer names.</param>
    /// <param name="gradientScale">Every gradient is multiplied by it first: below 1 where gradients are clipped.</param>
    void Step(IReadOnlyDictionary<string, double> values, double gradientScale);

    /// <summary>Its tensors by name, such as <c>momentum.layer1.weight</c>: what a checkpoint keeps. The optimizer owns them.</summary>
    IReadOnlyList<KeyValuePair<string, Tensor>> Tensors { get; }

    /// <summary>Updates made. A checkpoint keeps it and sets it back.</summary>
    long Steps { get; set; }
}
