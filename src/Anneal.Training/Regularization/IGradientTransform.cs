using Anneal.Torch;

namespace Anneal.Training.Regularization;

/// <summary>A change to the gradients between the backward pass and the update.</summary>
public interface IGradientTransform
{
    /// <summary>Changes the gradients in place, or says what all of them are to be multiplied by, or both.</summary>
    /// <param name="parameters">The leaves whose gradients they are; some may have none.</param>
    /// <param name="norm">The Euclidean norm of all gradients together, finite.</param>
    /// <returns>The factor for all gradients: 1 leaves them as they are. The update applies it at no cost.</returns>
    double Apply(IReadOnlyList<Tensor> parameters, double norm);
}
