using Anneal.Torch;

namespace Anneal.Training.Modules;

/// <summary>Square kernels slid over images: [batch, inputs, height, width] → [batch, outputs, ...].</summary>
public sealed class Conv2d : Module
{
    readonly Parameter weight;
    readonly Parameter? bias;
    readonly int stride;
    readonly int padding;
    readonly int groups;

    /// <summary>A layer whose kernels are yet to be initialized.</summary>
    public Conv2d(int inputs, int outputs, int kernel, int stride = 1, int padding = 0, int groups = 1, bool bias = false)
    {
        this.stride = stride;
        this.padding = padding;
        this.groups = groups;
        weight = AddParameter("weight", ParameterRole.Weight, Tensor.Zeros([outputs, inputs / groups, kernel, kernel]));
        this.bias = bias ? AddParameter("bias", ParameterRole.Bias, Tensor.Zeros([outputs])) : null;
    }

    /// <inheritdoc/>
    public override long MultiplyAdds(long[] inputShape, long[] outputShape) =>
        weight.Value.Count * outputShape[0] * outputShape[2] * outputShape[3];

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) =>
        Tensor.Conv2d(input, weight.Value, bias?.Value, stride, padding, dilation: 1, groups);
}
