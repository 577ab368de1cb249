using Anneal.Training.Models;
using Anneal.Training.Modules;

namespace BringYourOwn;

/// <summary>A small network of depthwise separable convolutions (Howard et al., "MobileNets", 2017, section 3.1).</summary>
public sealed record SeparableNet : Model
{
    /// <summary>Channels of the first stage, at least 1; the second has twice as many.</summary>
    public int Width
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentException($"Width must be at least 1. Received: {value}.");
    } = 32;

    /// <inheritdoc/>
    public override Module Build(ImageShape input, int classes)
    {
        if (input.Height < 4 || input.Width < 4)
        {
            throw new ArgumentException($"A separable net halves the image twice and needs at least 4×4 pixels. Received: {input}.");
        }
        return new Sequential(
            ("stem", new ConvBlock(input.Channels, Width, pool: true)),
            ("stage1", new SeparableConv(Width, 2 * Width)),
            ("stage2", new SeparableConv(2 * Width, 2 * Width)),
            ("pool", new GlobalMaxPool2d()),
            ("flatten", new Flatten()),
            ("head", new Linear(2 * Width, classes)));
    }
}
