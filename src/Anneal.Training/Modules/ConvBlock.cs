using Anneal.Torch;

namespace Anneal.Training.Modules;

/// <summary>3×3 convolution, batch normalization, ReLU, and where asked a 2×2 max pool.</summary>
public sealed class ConvBlock : Module
{
    readonly Conv2d conv;
    readonly BatchNorm2d norm;
    readonly Activation relu;
    readonly bool pool;

    /// <summary>A block from some channels to others.</summary>
    public ConvBlock(int inputs, int outputs, bool pool = false)
    {
        conv = Add("conv", new Conv2d(inputs, outputs, kernel: 3, padding: 1));
        norm = Add("norm", new BatchNorm2d(outputs));
        // A part of its own, so that what it zeroes can be watched.
        relu = Add("relu", new Activation(ActivationKind.Relu, inPlace: true));
        this.pool = pool;
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        Tensor output = relu.Forward(norm.Forward(conv.Forward(input)));
        return pool ? output.MaxPool2d(kernel: 2, stride: 2) : output;
    }
}
