namespace Anneal.Metrics;

/// <summary>How often each true class was taken for each other one. A value: adding gives a new one.</summary>
public sealed class ConfusionMatrix
{
    readonly int[][] counts;

    ConfusionMatrix(int[][] counts) => this.counts = counts;

    /// <summary>The matrix of nothing seen yet.</summary>
    /// <param name="classes">Classes told apart, at least 1.</param>
    public static ConfusionMatrix Empty(int classes) => classes >= 1
        ? new(NewCounts(classes))
        : throw new ArgumentException($"Classes must be at least 1. Received: {classes}.");

    /// <summary>The counts of one batch or of a whole split.</summary>
    /// <param name="scores">Logits or probabilities row by row, shape [examples, classes].</param>
    /// <param name="classes">Classes told apart.</param>
    /// <param name="labels">The right class of each example.</param>
    public static ConfusionMatrix Of(ReadOnlySpan<float> scores, int classes, ReadOnlySpan<long> labels)
    {
        LabelledScores table = new(scores, classes, labels);
        int[][] counts = NewCounts(classes);
        for (int i = 0; i < table.Examples; i++)
        {
            counts[table.Label(i)][Metrics.Accuracy.Predicted(table[i])]++;
        }
        return new(counts);
    }

    /// <summary>Counts [true class][predicted class].</summary>
    public IReadOnlyList<IReadOnlyList<int>> Counts => counts;

    /// <summary>Classes told apart.</summary>
    public int Classes => counts.Length;

    /// <summary>Examples counted.</summary>
    public int Examples => counts.Sum(row => row.Sum());

    /// <summary>Share on the diagonal, 0 to 1; NaN when nothing was counted.</summary>
    public double Accuracy => (double)Enumerable.Range(0, Classes).Sum(c => counts[c][c]) / Examples;

    /// <summary>Share of the examples of a class that were found, 0 to 1; NaN when it has none.</summary>
    public double Recall(int label) => (double)counts[label][label] / counts[label].Sum();

    /// <summary>Share of the predictions of a class that were right, 0 to 1; NaN when it was never predicted.</summary>
    public double Precision(int label) => (double)counts[label][label] / counts.Sum(row => row[label]);

    /// <summary>The counts of both.</summary>
    /// <exception cref="ArgumentException">They tell a different number of classes apart.</exception>
    public ConfusionMatrix Add(ConfusionMatrix other)
    {
        if (other.Classes != Classes)
        {
            throw new ArgumentException($"Only matrices of the same classes add up. Received: {Classes} and {other.Classes} classes.");
        }
        return new([.. counts.Zip(other.counts, (left, right) => left.Zip(right, (a, b) => a + b).ToArray())]);
    }

    static int[][] NewCounts(int classes) => [.. Enumerable.Range(0, classes).Select(_ => new int[classes])];
}
