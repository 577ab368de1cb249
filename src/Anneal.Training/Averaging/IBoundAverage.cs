using Anneal.Torch;

namespace Anneal.Training.Averaging;

/// <summary>An average bound to a model, with its tensors. Buffers, such as the running statistics of normalization, are averaged too.</summary>
public interface IBoundAverage : IDisposable
{
    /// <summary>Takes the model's weights of this moment in, after an update.</summary>
    void Update();

    /// <summary>Exchanges the model's numbers with the average's, bit for bit: once to use the average, once more to go on training.</summary>
    void Exchange();

    /// <summary>Its tensors by the model's own paths: what a checkpoint keeps. The average owns them.</summary>
    IReadOnlyList<KeyValuePair<string, Tensor>> Tensors { get; }

    /// <summary>Weights taken in. A checkpoint keeps it and sets it back.</summary>
    long Updates { get; set; }
}
