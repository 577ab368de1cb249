using Anneal.Training.Modules;

namespace Anneal.Training.Models;

/// <summary>The nine-layer residual network of the DAWNBench speed entries (Page 2018), with a width.</summary>
public sealed record ResNet9 : Model
{
    /// <summary>Channels of the first layer; later stages have 2, 4 and 8 times as many. At least 1.</summary>
    public int Width
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentException($"ResNet9's width must be at least 1. Received: {value}.");
    } = 32;

    /// <summary>The scores are multiplied by it, which keeps the first updates of the head small. Above 0.</summary>
    public double OutputScale
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentException($"ResNet9's output scale must be above 0. Received: {value}.");
    } = 0.125;

    /// <inheritdoc/>
    public override Module Build(ImageShape input, int classes)
    {
        if (input.Height < 8 || input.Width < 8)
        {
            throw new ArgumentException($"ResNet9 halves the image three times and needs at least 8×8 pixels. Received: {input}.");
        }
        int w = Width;
        return new Sequential(
            ("prepare", new ConvBlock(input.Channels, w)),
            ("layer1", new ConvBlock(w, 2 * w, pool: true)),
            ("residual1", new Residual(new Sequential(new ConvBlock(2 * w, 2 * w), new ConvBlock(2 * w, 2 * w)))),
            ("layer2", new ConvBlock(2 * w, 4 * w, pool: true)),
            ("layer3", new ConvBlock(4 * w, 8 * w, pool: true)),
            ("residual3", new Residual(new Sequential(new ConvBlock(8 * w, 8 * w), new ConvBlock(8 * w, 8 * w)))),
            ("pool", new GlobalMaxPool2d()),
            ("flatten", new Flatten()),
            ("head", new Linear(8 * w, classes)),
            ("scale", new Scale(OutputScale)));
    }
}
