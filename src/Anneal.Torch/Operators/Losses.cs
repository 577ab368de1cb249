namespace Anneal.Torch;

// Losses over scores.
public sealed partial class Tensor
{
    static readonly Operator CrossEntropyOp = new("anneal::cross_entropy");
    static readonly Operator CountRightOp = new("anneal::count_right");

    /// <summary>Mean cross-entropy of scores with class indices [batch] or class probabilities [batch, classes].</summary>
    /// <param name="logits">Scores before softmax, shape [batch, classes].</param>
    /// <param name="target">Indices (Int64) or probabilities (floating point).</param>
    /// <param name="classWeights">A weight for each class, shape [classes].</param>
    /// <param name="smoothing">Share of the target spread evenly over all classes, 0 to 1 (Szegedy et al. 2016, section 7).</param>
    public static Tensor CrossEntropy(Tensor logits, Tensor target, Tensor? classWeights = null, double smoothing = 0) =>
        CrossEntropyOp.Invoke(logits, target, classWeights, smoothing);

    /// <summary>How many rows have their largest score at the target's class: one integer.</summary>
    /// <param name="logits">Scores, shape [batch, classes].</param>
    /// <param name="target">Indices (Int64) or probabilities (floating point), of which the largest counts.</param>
    public static Tensor CountRight(Tensor logits, Tensor target) => CountRightOp.Invoke(logits, target);
}
