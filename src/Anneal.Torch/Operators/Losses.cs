namespace Anneal.Torch;

// Losses over scores.
public sealed partial class Tensor
{
    static readonly Operator CrossEntropyOp = new("aten::cross_entropy_loss");

    /// <summary>Mean cross-entropy of scores with class indices [batch] or class probabilities [batch, classes].</summary>
    /// <param name="logits">Scores before softmax, shape [batch, classes].</param>
    /// <param name="target">Indices (Int64) or probabilities (floating point).</param>
    /// <param name="classWeights">A weight for each class, shape [classes].</param>
    /// <param name="smoothing">Share of the target spread evenly over all classes, 0 to 1 (Szegedy et al. 2016, section 7).</param>
    public static Tensor CrossEntropy(Tensor logits, Tensor target, Tensor? classWeights = null, double smoothing = 0) =>
        CrossEntropyOp.Invoke(logits, target, classWeights, 1, -100, smoothing);
}
