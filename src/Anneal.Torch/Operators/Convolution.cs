namespace Anneal.Torch;

// Convolution, pooling and normalization of images [batch, channels, height, width].
public sealed partial class Tensor
{
    static readonly Operator Conv2dOp = new("anneal::convolution");
    static readonly Operator MaxPool2dOp = new("aten::max_pool2d");
    static readonly Operator AvgPool2dOp = new("aten::avg_pool2d");
    static readonly Operator AdaptiveAvgPool2dOp = new("aten::adaptive_avg_pool2d");
    static readonly Operator BatchNormOp = new("aten::batch_norm");
    static readonly Operator BatchNormReluOp = new("anneal::batch_norm_relu");
    static readonly Operator AMaxOp = new("aten::amax");

    /// <summary>Cross-correlation with kernels of shape [outputs, inputs / groups, height, width].</summary>
    /// <remarks>On the CPU in bfloat16 the gradient of the kernels is added up in single precision and, for kernels in single precision, not rounded.</remarks>
    public static Tensor Conv2d(
        Tensor input, Tensor weight, Tensor? bias = null, int stride = 1, int padding = 0, int dilation = 1, int groups = 1) =>
        Conv2dOp.Invoke(input, weight, bias, stride, padding, dilation, groups);

    /// <summary>The largest value in each window.</summary>
    public Tensor MaxPool2d(int kernel, int stride, int padding = 0) => MaxPool2dOp.Invoke(this, kernel, stride, padding);

    /// <summary>The mean of each window.</summary>
    public Tensor AvgPool2d(int kernel, int stride, int padding = 0) => AvgPool2dOp.Invoke(this, kernel, stride, padding);

    /// <summary>Means over windows so chosen that the result has a given height and width.</summary>
    public Tensor AdaptiveAvgPool2d(int height, int width) => AdaptiveAvgPool2dOp.Invoke(this, new long[] { height, width });

    /// <summary>The largest value of each channel's plane: [batch, channels, 1, 1].</summary>
    public Tensor GlobalMaxPool2d() => AMaxOp.Invoke(this, new long[] { 2, 3 }, true);

    /// <summary>Normalizes each channel by its mean and variance, of the batch in training and of the running buffers in evaluation (Ioffe and Szegedy 2015).</summary>
    public static Tensor BatchNorm(
        Tensor input, Tensor? weight, Tensor? bias, Tensor? runningMean, Tensor? runningVariance,
        bool training, double momentum, double epsilon) =>
        BatchNormOp.Invoke(input, weight, bias, runningMean, runningVariance, training, momentum, epsilon, false);

    /// <summary>max(0, batch norm), and where asked the largest of each 2×2 window of it, as one operation.</summary>
    /// <remarks>Images on the CPU in channels-last order with channels in sixteens are passed over once for it; others get it by three operations.</remarks>
    public static Tensor BatchNormRelu(
        Tensor input, Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVariance,
        bool training, double momentum, double epsilon, bool pool) =>
        BatchNormReluOp.Invoke(input, weight, bias, runningMean, runningVariance, training, momentum, epsilon, pool);
}
