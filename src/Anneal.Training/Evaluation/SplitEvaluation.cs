using Anneal.Calibration;
using Anneal.Metrics;
using Anneal.Training.Data;

namespace Anneal.Training.Evaluation;

/// <summary>Measures a model's scores on a whole split: accuracy, confusion, calibration, and examples to look at.</summary>
public static class SplitEvaluation
{
    /// <summary>Examples that are kept with their pixels: so many mistakes and so many samples.</summary>
    public const int Shown = 24;

    /// <summary>Measures scores.</summary>
    /// <param name="split"><c>test</c> or <c>validation</c>.</param>
    /// <param name="examples">Where the images and their classes are.</param>
    /// <param name="indices">Which of them are the split; null for all.</param>
    /// <param name="logits">Scores before softmax row by row, shape [split, classes]; finite.</param>
    /// <param name="classes">Class names in label order.</param>
    /// <param name="temperature">Fitted on other examples than these; 1 for none.</param>
    public static Metrics.Evaluation Measure(
        string split, Examples examples, int[]? indices, float[] logits, IReadOnlyList<string> classes, double temperature)
    {
        int count = indices?.Length ?? examples.Count;
        long[] labels = new long[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = examples.Labels[IndexOf(i)];
        }
        double[] probabilities = Probabilities.Softmax(logits, classes.Count, temperature);
        int[] predicted = new int[count];
        for (int i = 0; i < count; i++)
        {
            predicted[i] = Accuracy.Predicted(logits.AsSpan(i * classes.Count, classes.Count));
        }
        // Equal confidences keep the order of the split: the same model always shows the same pictures.
        IEnumerable<int> mistakes = Enumerable.Range(0, count).Where(i => predicted[i] != labels[i]).OrderByDescending(Confidence).Take(Shown);
        IEnumerable<int> samples = Enumerable.Range(0, Math.Min(Shown, count)).Select(i => (int)((long)i * count / Math.Min(Shown, count)));
        return new Metrics.Evaluation
        {
            Split = split,
            Examples = count,
            Accuracy = Accuracy.Top1(logits, classes.Count, labels),
            Loss = NegativeLogLikelihood.Mean(logits, classes.Count, labels),
            Classes = classes,
            Confusion = ConfusionMatrix.Of(logits, classes.Count, labels).Counts,
            Temperature = temperature,
            Before = CalibrationSummary.Measure(logits, classes.Count, labels),
            After = CalibrationSummary.Measure(logits, classes.Count, labels, temperature),
            Mistakes = [.. mistakes.Select(Show)],
            Samples = [.. samples.Select(Show)],
        };

        int IndexOf(int i) => indices is null ? i : indices[i];

        double Confidence(int i) => probabilities[(i * classes.Count) + predicted[i]];

        PredictedExample Show(int i) => new()
        {
            Index = i,
            Label = (int)labels[i],
            Predicted = predicted[i],
            Confidence = Confidence(i),
            Shape = [examples.Shape.Channels, examples.Shape.Height, examples.Shape.Width],
            Pixels = examples.Pixels(IndexOf(i)),
        };
    }
}
