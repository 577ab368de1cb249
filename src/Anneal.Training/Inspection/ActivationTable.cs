using Anneal.Search;
using Anneal.Torch;
using Anneal.Training.Modules;

namespace Anneal.Training.Inspection;

/// <summary>How the outputs of each layer are distributed on one batch: whether signals vanish or explode on their way.</summary>
public static class ActivationTable
{
    // A layer that keeps the scale of its input has outputs of a standard deviation near 1; a factor of 20 either way
    // is what three layers of wrongly scaled weights bring about.
    const double TooSmall = 0.05;
    const double TooLarge = 20;

    /// <summary>Runs a batch through a model in training mode. Its parameters stay as they are; running statistics move as in training.</summary>
    /// <param name="model">The network.</param>
    /// <param name="images">A normalized batch [batch, channels, height, width].</param>
    /// <returns>A row for each layer that computes, and the scores [batch, classes] row by row.</returns>
    public static (IReadOnlyList<LayerActivation> Layers, float[] Logits) Of(Module model, Tensor images)
    {
        List<LayerActivation> rows = [];
        Dictionary<Module, string> paths = model.Modules().ToDictionary(part => part.Value, part => part.Key);
        model.Observe((part, _, output) =>
        {
            if (part.Children.Count == 0 && part is not Flatten)
            {
                Tensor numbers = output.To(DType.Float32);
                double mean = numbers.Mean().ToDouble();
                double deviation = numbers.StandardDeviation(unbiased: false).ToDouble();
                rows.Add(new LayerActivation
                {
                    Layer = paths[part],
                    Mean = mean,
                    StandardDeviation = deviation,
                    Zeros = numbers.EqualTo(0.0).To(DType.Float32).Mean().ToDouble(),
                    Verdict = deviation < TooSmall ? "too small" : deviation > TooLarge ? "too large" : "just right",
                });
            }
        });
        try
        {
            using TensorScope scope = new();
            return (rows, model.Forward(images).To(DType.Float32).ToArray<float>());
        }
        finally
        {
            model.Observe(null);
        }
    }
}
