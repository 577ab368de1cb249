using Anneal.Torch;
using Anneal.Training.Modules;

namespace Anneal.Training.Models;

/// <summary>Residual networks for images of about 224×224 (He et al. 2016), with torchvision's parameter names.</summary>
public abstract record ResNet : Model
{
    /// <summary>Blocks in each of the four stages.</summary>
    protected abstract IReadOnlyList<int> Blocks { get; }

    /// <summary>Whether blocks are bottlenecks (1×1, 3×3, 1×1) or basic (3×3, 3×3).</summary>
    protected abstract bool Bottleneck { get; }

    /// <inheritdoc/>
    public override Module Build(ImageShape input, int classes) => new ResNetModule(input.Channels, classes, Blocks, Bottleneck);
}

/// <summary>18 layers: basic blocks 2, 2, 2, 2.</summary>
public sealed record ResNet18 : ResNet
{
    /// <inheritdoc/>
    protected override IReadOnlyList<int> Blocks => [2, 2, 2, 2];

    /// <inheritdoc/>
    protected override bool Bottleneck => false;
}

/// <summary>34 layers: basic blocks 3, 4, 6, 3.</summary>
public sealed record ResNet34 : ResNet
{
    /// <inheritdoc/>
    protected override IReadOnlyList<int> Blocks => [3, 4, 6, 3];

    /// <inheritdoc/>
    protected override bool Bottleneck => false;
}

/// <summary>50 layers: bottlenecks 3, 4, 6, 3, with the stride in the 3×3 convolution as torchvision has it.</summary>
public sealed record ResNet50 : ResNet
{
    /// <inheritdoc/>
    protected override IReadOnlyList<int> Blocks => [3, 4, 6, 3];

    /// <inheritdoc/>
    protected override bool Bottleneck => true;
}

sealed class ResNetModule : Module
{
    readonly Conv2d conv;
    readonly BatchNorm2d norm;
    readonly Activation relu;
    readonly Sequential[] stages = new Sequential[4];
    readonly Linear head;

    internal ResNetModule(int inputs, int classes, IReadOnlyList<int> blocks, bool bottleneck)
    {
        conv = Add("conv1", new Conv2d(inputs, 64, kernel: 7, stride: 2, padding: 3));
        norm = Add("bn1", new BatchNorm2d(64));
        relu = Add("relu", new Activation(ActivationKind.Relu, inPlace: true));
        int channels = 64;
        for (int stage = 0; stage < 4; stage++)
        {
            int width = 64 << stage;
            List<Module> parts = [];
            for (int block = 0; block < blocks[stage]; block++)
            {
                ResNetBlock part = new(channels, width, block == 0 && stage > 0 ? 2 : 1, bottleneck);
                parts.Add(part);
                channels = part.Outputs;
            }
            stages[stage] = Add($"layer{stage + 1}", new Sequential(parts));
        }
        head = Add("fc", new Linear(channels, classes));
    }

    protected override Tensor Compute(Tensor input)
    {
        Tensor output = relu.Forward(norm.Forward(conv.Forward(input))).MaxPool2d(kernel: 3, stride: 2, padding: 1);
        foreach (Sequential stage in stages)
        {
            output = stage.Forward(output);
        }
        return head.Forward(output.AdaptiveAvgPool2d(1, 1).Flatten(1));
    }
}

sealed class ResNetBlock : Module, IResidualBranch
{
    readonly (Conv2d Conv, BatchNorm2d Norm, Activation Relu)[] layers;
    readonly Sequential? shortcut;

    internal ResNetBlock(int inputs, int width, int stride, bool bottleneck)
    {
        Outputs = bottleneck ? 4 * width : width;
        (int From, int To, int Kernel, int Stride)[] shapes = bottleneck
            ? [(inputs, width, 1, 1), (width, width, 3, stride), (width, Outputs, 1, 1)]
            : [(inputs, width, 3, stride), (width, width, 3, 1)];
        layers = new (Conv2d, BatchNorm2d, Activation)[shapes.Length];
        for (int i = 0; i < shapes.Length; i++)
        {
            (int from, int to, int kernel, int step) = shapes[i];
            layers[i] = (
                Add($"conv{i + 1}", new Conv2d(from, to, kernel, step, padding: kernel / 2)),
                Add($"bn{i + 1}", new BatchNorm2d(to)),
                Add($"relu{i + 1}", new Activation(ActivationKind.Relu, inPlace: true)));
        }
        if (stride != 1 || inputs != Outputs)
        {
            shortcut = Add("downsample", new Sequential(new Conv2d(inputs, Outputs, kernel: 1, stride), new BatchNorm2d(Outputs)));
        }
    }

    internal int Outputs { get; }

    public BatchNorm2d LastNormalization => layers[^1].Norm;

    protected override Tensor Compute(Tensor input)
    {
        Tensor output = input;
        for (int i = 0; i < layers.Length; i++)
        {
            output = layers[i].Norm.Forward(layers[i].Conv.Forward(output));
            if (i == layers.Length - 1)
            {
                output.AddInPlace(shortcut?.Forward(input) ?? input);
            }
            output = layers[i].Relu.Forward(output);
        }
        return output;
    }
}
