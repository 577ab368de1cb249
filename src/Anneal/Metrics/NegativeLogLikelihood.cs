namespace Anneal.Metrics;

/// <summary>Softmax cross-entropy against the right class, in nats.</summary>
public static class NegativeLogLikelihood
{
    /// <summary>Mean of −log p(right class); NaN for no examples. An untrained network scores about log(classes).</summary>
    /// <param name="logits">Scores before softmax row by row, shape [examples, classes].</param>
    /// <param name="classes">Classes told apart.</param>
    /// <param name="labels">The right class of each example.</param>
    /// <param name="temperature">Positive; divides the logits.</param>
    public static double Mean(ReadOnlySpan<float> logits, int classes, ReadOnlySpan<long> labels, double temperature = 1)
    {
        LabelledScores table = new(logits, classes, labels);
        RunningMean mean = default;
        for (int i = 0; i < table.Examples; i++)
        {
            (double highest, double sum) = Probabilities.Exponentials(table[i], temperature);
            mean = mean.Add((highest - table[i][table.Label(i)]) / temperature + Math.Log(sum));
        }
        return mean.Mean;
    }
}
