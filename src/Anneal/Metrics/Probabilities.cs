namespace Anneal.Metrics;

/// <summary>From scores to probabilities, in double precision and without overflow.</summary>
public static class Probabilities
{
    /// <summary>Softmax: exp(logit / temperature), divided by its sum.</summary>
    /// <param name="logits">The scores of one example before softmax, shape [classes].</param>
    /// <param name="into">Receives the probabilities, shape [classes].</param>
    /// <param name="temperature">Positive; above 1 softens, below 1 sharpens.</param>
    public static void Softmax(ReadOnlySpan<float> logits, Span<double> into, double temperature = 1)
    {
        (double highest, double sum) = Exponentials(logits, temperature);
        for (int c = 0; c < logits.Length; c++)
        {
            into[c] = Math.Exp((logits[c] - highest) / temperature) / sum;
        }
    }

    /// <summary>Softmax of each row.</summary>
    /// <param name="logits">Scores before softmax row by row, shape [examples, classes].</param>
    /// <param name="classes">Classes told apart.</param>
    /// <param name="temperature">Positive; above 1 softens, below 1 sharpens.</param>
    /// <returns>Probabilities, shape [examples, classes].</returns>
    public static double[] Softmax(ReadOnlySpan<float> logits, int classes, double temperature = 1)
    {
        if (classes < 1 || logits.Length % classes != 0)
        {
            throw new ArgumentException($"Logits must fill whole rows of one score a class. Received: {logits.Length} logits, {classes} classes.");
        }
        double[] probabilities = new double[logits.Length];
        for (int start = 0; start < logits.Length; start += classes)
        {
            Softmax(logits.Slice(start, classes), probabilities.AsSpan(start, classes), temperature);
        }
        return probabilities;
    }

    // The highest logit h and Σ exp((logit − h) / temperature): 1 or more, so neither it nor its logarithm can overflow.
    internal static (double Highest, double Sum) Exponentials(ReadOnlySpan<float> logits, double temperature)
    {
        if (!(temperature > 0))
        {
            throw new ArgumentException($"Temperature must be positive. Received: {temperature}.");
        }
        double highest = double.NegativeInfinity;
        foreach (float logit in logits)
        {
            highest = Math.Max(highest, logit);
        }
        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp((logit - highest) / temperature);
        }
        return (highest, sum);
    }
}
