namespace Anneal.Metrics;

/// <summary>A table of scores, one row an example, with the right class of each row.</summary>
/// <remarks>Invariant: scores fill whole rows, there is one label a row, and each label is a class.</remarks>
readonly ref struct LabelledScores
{
    readonly ReadOnlySpan<float> scores;
    readonly ReadOnlySpan<long> labels;

    /// <summary>The table over memory that stays the caller's.</summary>
    /// <param name="scores">Scores row by row, shape [examples, classes].</param>
    /// <param name="classes">Columns, at least 1.</param>
    /// <param name="labels">The right class of each row, 0 to classes − 1.</param>
    /// <exception cref="ArgumentException">The spans do not make such a table.</exception>
    public LabelledScores(ReadOnlySpan<float> scores, int classes, ReadOnlySpan<long> labels)
    {
        if (classes < 1)
        {
            throw new ArgumentException($"Classes must be at least 1. Received: {classes}.");
        }
        if (scores.Length != (long)classes * labels.Length)
        {
            throw new ArgumentException($"There must be one score for each class of each label: labels × classes = {(long)classes * labels.Length}. Received: {scores.Length} scores, {labels.Length} labels, {classes} classes.");
        }
        for (int i = 0; i < labels.Length; i++)
        {
            if ((ulong)labels[i] >= (ulong)classes)
            {
                throw new ArgumentException($"A label must be a class, 0 to {classes - 1}. Received: {labels[i]} at example {i}.");
            }
        }
        this.scores = scores;
        Classes = classes;
        this.labels = labels;
    }

    /// <summary>Columns.</summary>
    public int Classes { get; }

    /// <summary>Rows.</summary>
    public int Examples => labels.Length;

    /// <summary>The scores of one example, shape [classes].</summary>
    public ReadOnlySpan<float> this[int example] => scores.Slice(example * Classes, Classes);

    /// <summary>The right class of one example.</summary>
    public int Label(int example) => (int)labels[example];

    /// <summary>Refuses scores that are infinite or not a number.</summary>
    /// <exception cref="ArgumentException">One is.</exception>
    public void RequireFinite()
    {
        for (int i = 0; i < scores.Length; i++)
        {
            if (!float.IsFinite(scores[i]))
            {
                throw new ArgumentException($"Logits must be finite. Received: {scores[i]} for class {i % Classes} of example {i / Classes}.");
            }
        }
    }
}
