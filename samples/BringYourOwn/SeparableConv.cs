using Anneal.Torch;
using Anneal.Training.Modules;

namespace BringYourOwn;

/// <summary>A 3×3 convolution within each channel, a 1×1 convolution across them, normalization and ReLU: [batch, inputs, height, width] → [batch, outputs, ...].</summary>
public sealed class SeparableConv : Module
{
    readonly Conv2d within;
    readonly Conv2d across;
    readonly BatchNorm2d norm;

    /// <summary>A block from some channels to others.</summary>
    public SeparableConv(int inputs, int outputs)
    {
        within = Add("within", new Conv2d(inputs, inputs, kernel: 3, padding: 1, groups: inputs));
        across = Add("across", new Conv2d(inputs, outputs, kernel: 1));
        norm = Add("norm", new BatchNorm2d(outputs));
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => norm.Forward(across.Forward(within.Forward(input))).Relu();
}
