using Anneal.Torch;
using Anneal.Training.Data;
using Anneal.Training.Modules;

namespace Anneal.Training.Loop;

/// <summary>Scores of many examples from a model in evaluation mode.</summary>
public static class Predictor
{
    const int BatchSize = 500;

    /// <summary>Scores row by row, shape [examples, classes]. The model ends in the mode it was in.</summary>
    /// <param name="model">The network.</param>
    /// <param name="examples">Where the images are, on any device.</param>
    /// <param name="indices">Which of them; null for all.</param>
    /// <param name="normalization">The one the model was trained with.</param>
    /// <param name="execution">How to run it.</param>
    public static float[] Logits(Module model, Examples examples, int[]? indices, Normalization normalization, Execution execution)
    {
        int count = indices?.Length ?? examples.Count;
        List<float> logits = new(count * 10);
        bool training = model.Mode;
        model.Train(false);
        try
        {
            using (GradientMode.Off())
            {
                for (int first = 0; first < count; first += BatchSize)
                {
                    using TensorScope scope = new();
                    int last = Math.Min(first + BatchSize, count);
                    Tensor images = indices is null
                        ? examples.Images.Slice(0, first, last)
                        : examples.Images.IndexSelect(0, Tensor.From(Array.ConvertAll(indices[first..last], i => (long)i)).To(examples.Images.Device));
                    images = images.To(execution.Device);
                    using (Autocast.Enter(execution.Device, execution.Precision))
                    {
                        logits.AddRange(model.Forward(normalization.Apply(images)).To(DType.Float32).ToArray<float>());
                    }
                }
            }
        }
        finally
        {
            model.Train(training);
        }
        return [.. logits];
    }
}
