namespace Anneal.Metrics;

/// <summary>The share of examples predicted right.</summary>
/// <remarks>
/// Of equal scores the lower class wins, as with <c>argmax</c>, so a network that says the same of every class is right
/// about one of them and not about all. A score that is not a number beats every other one, so that a broken network
/// cannot be right by accident.
/// </remarks>
public static class Accuracy
{
    /// <summary>Share of examples whose right class has the highest score, 0 to 1; NaN for no examples.</summary>
    /// <param name="scores">Logits or probabilities row by row, shape [examples, classes].</param>
    /// <param name="classes">Classes told apart.</param>
    /// <param name="labels">The right class of each example.</param>
    public static double Top1(ReadOnlySpan<float> scores, int classes, ReadOnlySpan<long> labels) =>
        TopK(scores, classes, labels, 1);

    /// <summary>Share of examples whose right class is among the <paramref name="k"/> highest scores, 0 to 1; NaN for no examples.</summary>
    /// <param name="scores">Logits or probabilities row by row, shape [examples, classes].</param>
    /// <param name="classes">Classes told apart.</param>
    /// <param name="labels">The right class of each example.</param>
    /// <param name="k">1 to <paramref name="classes"/>.</param>
    public static double TopK(ReadOnlySpan<float> scores, int classes, ReadOnlySpan<long> labels, int k) =>
        (double)Right(scores, classes, labels, k) / labels.Length;

    /// <summary>How many examples have their right class among the <paramref name="k"/> highest scores; for adding up over batches.</summary>
    /// <param name="scores">Logits or probabilities row by row, shape [examples, classes].</param>
    /// <param name="classes">Classes told apart.</param>
    /// <param name="labels">The right class of each example.</param>
    /// <param name="k">1 to <paramref name="classes"/>.</param>
    public static int Right(ReadOnlySpan<float> scores, int classes, ReadOnlySpan<long> labels, int k = 1)
    {
        LabelledScores table = new(scores, classes, labels);
        if (k < 1 || k > classes)
        {
            throw new ArgumentException($"k must be 1 to the number of classes. Received: k={k}, classes={classes}.");
        }
        int right = 0;
        for (int i = 0; i < table.Examples; i++)
        {
            if (Rank(table[i], table.Label(i)) < k)
            {
                right++;
            }
        }
        return right;
    }

    /// <summary>The predicted class: the one with the highest score, the lower of equals.</summary>
    /// <param name="scores">The scores of one example, shape [classes].</param>
    public static int Predicted(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int c = 1; c < scores.Length; c++)
        {
            if (!float.IsNaN(scores[best]) && !(scores[c] <= scores[best]))
            {
                best = c;
            }
        }
        return best;
    }

    // Classes that come before this one.
    static int Rank(ReadOnlySpan<float> scores, int label)
    {
        float own = scores[label];
        int before = 0;
        for (int c = 0; c < scores.Length; c++)
        {
            if (c != label && (!(scores[c] <= own) || (scores[c] == own && c < label)))
            {
                before++;
            }
        }
        return before;
    }
}
