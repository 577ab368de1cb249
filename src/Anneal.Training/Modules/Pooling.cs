using Anneal.Torch;

namespace Anneal.Training.Modules;

/// <summary>The largest value of each square window.</summary>
public sealed class MaxPool2d(int kernel, int stride, int padding = 0) : Module
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => input.MaxPool2d(kernel, stride, padding);
}

/// <summary>The mean of each square window.</summary>
public sealed class AvgPool2d(int kernel, int stride, int padding = 0) : Module
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => input.AvgPool2d(kernel, stride, padding);
}

/// <summary>The mean of each channel's plane: [batch, channels, height, width] → [batch, channels, 1, 1].</summary>
public sealed class GlobalAvgPool2d : Module
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => input.AdaptiveAvgPool2d(1, 1);
}

/// <summary>The largest value of each channel's plane: [batch, channels, height, width] → [batch, channels, 1, 1].</summary>
public sealed class GlobalMaxPool2d : Module
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => input.GlobalMaxPool2d();
}
