using Anneal.Torch;
using Anneal.Training.Data;
using Anneal.Training.Modules;

namespace Anneal.Training.Loop;

/// <summary>Scores of many examples from a model in evaluation mode.</summary>
public static class Predictor
{
    const int EvaluationBatch = 500;

    /// <summary>Scores row by row, shape [examples, classes]. The model ends in the mode it was in.</summary>
    /// <param name="model">The network.</param>
    /// <param name="examples">Where the images are, on any device.</param>
    /// <param name="indices">Which of them; null for all.</param>
    /// <param name="normalization">The one the model was trained with.</param>
    /// <param name="execution">How to run it.</param>
    public static float[] Logits(Module model, Examples examples, int[]? indices, Normalization normalization, Execution execution) =>
        Logits(model, examples, indices, normalization, execution, EvaluationBatch, _ => false, () => { });

    /// <summary>Scores row by row, with some parts of the model as in training.</summary>
    /// <param name="model">The network.</param>
    /// <param name="examples">Where the images are.</param>
    /// <param name="indices">Which of them; null for all.</param>
    /// <param name="normalization">The one the model was trained with.</param>
    /// <param name="execution">How to run it.</param>
    /// <param name="batchSize">Examples at a time.</param>
    /// <param name="training">Which parts behave as in training.</param>
    /// <param name="afterBatch">Called after each batch.</param>
    internal static float[] Logits(
        Module model, Examples examples, int[]? indices, Normalization normalization, Execution execution,
        int batchSize, Func<Module, bool> training, Action afterBatch)
    {
        int count = indices?.Length ?? examples.Count;
        List<float> logits = new(count * 10);
        bool before = model.Mode;
        model.Train(training);
        try
        {
            using (GradientMode.Off())
            {
                for (int first = 0; first < count; first += batchSize)
                {
                    using TensorScope scope = new();
                    int last = Math.Min(first + batchSize, count);
                    Tensor images = indices is null
                        ? examples.Images.Slice(0, first, last)
                        : examples.Images.IndexSelect(0, Tensor.From(Array.ConvertAll(indices[first..last], i => (long)i)).To(examples.Images.Device));
                    images = images.To(execution.Device);
                    using (Autocast.Enter(execution.Device, execution.Precision))
                    {
                        logits.AddRange(model.Forward(normalization.Apply(images)).To(DType.Float32).ToArray<float>());
                    }
                    afterBatch();
                }
            }
        }
        finally
        {
            model.Train(before);
        }
        return [.. logits];
    }
}
