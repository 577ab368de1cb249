using Anneal.Torch;

namespace Anneal.Training.Regularization;

/// <summary>Shortens the gradient to a largest norm and keeps its direction.</summary>
/// <remarks>Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", 2013, section 3.2.</remarks>
public sealed record ClipGradientNorm : IGradientTransform
{
    /// <summary>The largest norm, above 0.</summary>
    public double Maximum
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentException($"Maximum must be above 0. Received: {value}.");
    } = 1;

    /// <inheritdoc/>
    // The small number is PyTorch's, so that both clip to the same gradient.
    public double Apply(IReadOnlyList<Tensor> parameters, double norm) => Math.Min(1, Maximum / (norm + 1e-6));
}
