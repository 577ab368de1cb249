using Anneal.Training.Modules;
using Anneal.Training.Recipes;

namespace Anneal.Training.Models;

/// <summary>A small plain network: a 3×3 convolution, normalization, ReLU and a 2×2 max pool for each width, then one linear layer.</summary>
/// <remarks>With the default widths on 28×28 images it has 29 thousand parameters.</remarks>
public sealed record ConvNet : Model
{
    /// <summary>Channels of each stage, each at least 1.</summary>
    public IReadOnlyList<int> Widths
    {
        get;
        init => field = ValueList.From(value) is { Count: >= 1 } widths && widths.All(width => width >= 1)
            ? widths
            : throw new ArgumentException($"A convnet needs at least one stage, and widths of at least 1. Received: {string.Join(", ", value)}.");
    } = ValueList.Of<int>([16, 32, 64]);

    /// <summary>Share of features dropped before the last layer in training, 0 to below 1.</summary>
    public double Dropout
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentException($"Dropout must be at least 0 and below 1. Received: {value}.");
    }

    /// <inheritdoc/>
    public override Module Build(ImageShape input, int classes)
    {
        int height = input.Height >> Widths.Count;
        int width = input.Width >> Widths.Count;
        if (height < 1 || width < 1)
        {
            throw new ArgumentException(
                $"Each stage of a convnet halves the image. Received: {Widths.Count} stages for images of {input}; take fewer widths.");
        }
        List<Module> parts = [];
        int channels = input.Channels;
        foreach (int stage in Widths)
        {
            parts.Add(new ConvBlock(channels, stage, pool: true));
            channels = stage;
        }
        parts.Add(new Flatten());
        if (Dropout > 0)
        {
            parts.Add(new Dropout(Dropout));
        }
        parts.Add(new Linear(channels * height * width, classes));
        return new Sequential(parts);
    }
}
