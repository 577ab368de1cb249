using Anneal.Torch;

namespace Anneal.Training.Regularization;

/// <summary>The Euclidean norm of all gradients together.</summary>
public static class GradientNorm
{
    static readonly Operator GradientNormOp = new("anneal::gradient_norm");

    /// <summary>The norm: 0 where there are no gradients, and not finite where one of them is not.</summary>
    /// <param name="parameters">Leaves; those without a gradient are left out. Finite Float32 gradients never overflow.</param>
    public static double Of(Tensor[] parameters)
    {
        using Tensor norm = GradientNormOp.Invoke(parameters);
        return norm.ToDouble();
    }

    /// <inheritdoc cref="Of(Tensor[])"/>
    public static double Of(TensorList parameters)
    {
        using Tensor norm = GradientNormOp.Invoke(parameters);
        return norm.ToDouble();
    }
}
