using Anneal.Torch;

namespace Anneal.Training.Losses;

/// <summary>Targets that leave every class a share: (1 − α)·target + α/K over all K classes.</summary>
/// <remarks>
/// Szegedy et al., "Rethinking the Inception architecture", 2016, section 7. Where α is spread over the K − 1 wrong classes
/// instead, α·(K − 1)/K is the same target in this convention.
/// </remarks>
public static class LabelSmoothing
{
    /// <summary>Smoothed probabilities, Float32 [batch, classes].</summary>
    /// <param name="targets">Class indices [batch] (Int64) or class probabilities [batch, classes].</param>
    /// <param name="classes">K, the number of classes.</param>
    /// <param name="share">α, 0 to 1.</param>
    public static Tensor Smooth(Tensor targets, int classes, double share)
    {
        RequireShare(share);
        Tensor probabilities = (targets.Rank == 1 ? targets.OneHot(classes) : targets).To(DType.Float32);
        return (probabilities * (1 - share)) + (share / classes);
    }

    /// <summary>The lowest cross-entropy there is with smoothed class indices: the entropy of the target, in nats.</summary>
    /// <param name="classes">K, the number of classes, at least 2.</param>
    /// <param name="share">α, 0 to 1.</param>
    public static double MinimumLoss(int classes, double share)
    {
        RequireShare(share);
        double other = share / classes;
        double right = 1 - share + other;
        return share == 0 ? 0 : -(right * Math.Log(right)) - ((classes - 1) * other * Math.Log(other));
    }

    static void RequireShare(double share)
    {
        if (share is not (>= 0 and <= 1))
        {
            throw new ArgumentException($"The share must be from 0 to 1. Received: {share}.");
        }
    }
}
