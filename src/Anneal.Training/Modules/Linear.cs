using Anneal.Torch;

namespace Anneal.Training.Modules;

/// <summary>x · Wᵀ + b: [batch, inputs] → [batch, outputs].</summary>
public sealed class Linear : Module
{
    readonly Parameter weight;
    readonly Parameter? bias;

    /// <summary>A layer whose weights are yet to be initialized.</summary>
    public Linear(int inputs, int outputs, bool bias = true)
    {
        weight = AddParameter("weight", ParameterRole.Weight, Tensor.Zeros([outputs, inputs]));
        this.bias = bias ? AddParameter("bias", ParameterRole.Bias, Tensor.Zeros([outputs])) : null;
    }

    /// <inheritdoc/>
    public override long MultiplyAdds(long[] inputShape, long[] outputShape) => weight.Value.Count * inputShape[0];

    /// <summary>max(0, x · Wᵀ + b): faster as one. Who watches the layer does not see it.</summary>
    internal Tensor ForwardRelu(Tensor input) => Tensor.LinearRelu(input, weight.Value, bias?.Value);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => Tensor.Linear(input, weight.Value, bias?.Value);
}
