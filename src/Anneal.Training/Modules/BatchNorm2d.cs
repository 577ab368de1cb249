using Anneal.Torch;

namespace Anneal.Training.Modules;

/// <summary>Normalizes each channel by the batch's mean and variance, then scales by γ and shifts by β (Ioffe and Szegedy 2015, algorithm 1).</summary>
/// <remarks>In evaluation the running mean and variance are used; they move by <c>momentum</c> towards the batch's at each
    /// training step whose batch has more than one number a channel.</remarks>
public sealed class BatchNorm2d : Module
{
    readonly Parameter weight;
    readonly Parameter bias;
    readonly ModelBuffer runningMean;
    readonly ModelBuffer runningVariance;
    readonly ModelBuffer batches;
    readonly double momentum;
    readonly double epsilon;

    /// <summary>Normalization of a number of channels, with γ = 1 and β = 0.</summary>
    public BatchNorm2d(int channels, double momentum = 0.1, double epsilon = 1e-5)
    {
        this.momentum = momentum;
        this.epsilon = epsilon;
        weight = AddParameter("weight", ParameterRole.Normalization, Tensor.Ones([channels]));
        bias = AddParameter("bias", ParameterRole.Normalization, Tensor.Zeros([channels]));
        runningMean = AddBuffer("running_mean", Tensor.Zeros([channels]));
        runningVariance = AddBuffer("running_var", Tensor.Ones([channels]));
        batches = AddBuffer("num_batches_tracked", Tensor.Zeros([], DType.Int64));
    }

    /// <summary>γ, one number a channel.</summary>
    public Tensor Scale => weight.Value;

    /// <summary>Whether a batch's mean and variance, instead of moving the running ones, replace them: to read them from there.</summary>
    internal bool TakesBatch { get; set; }

    /// <summary>What it normalizes with in evaluation: the running mean, and the running variance with n − 1 in its denominator.</summary>
    internal (Tensor Mean, Tensor Variance) Statistics => (runningMean.Value, runningVariance.Value);

    double Momentum => TakesBatch ? 1 : momentum;

    /// <summary>The normalized images with negative numbers set to 0, and where asked the largest of each 2×2 window: faster as one.</summary>
    /// <param name="input">Images [batch, channels, height, width].</param>
    /// <param name="relu">The ReLU as a part of its own, for whoever watches it.</param>
    /// <param name="pool">Whether to pool; the height and width are then halved.</param>
    public Tensor ForwardRelu(Tensor input, Activation relu, bool pool = false)
    {
        if (IsObserved)
        {
            // Who watches wants to see each part: what is normalized, and what the ReLU zeroes.
            Tensor output = relu.Forward(Forward(input));
            return pool ? output.MaxPool2d(kernel: 2, stride: 2) : output;
        }
        (Tensor mean, Tensor variance) = Running(input);
        return Tensor.BatchNormRelu(input, weight.Value, bias.Value, mean, variance, IsTraining, Momentum, epsilon, pool);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        (Tensor mean, Tensor variance) = Running(input);
        return Tensor.BatchNorm(input, weight.Value, bias.Value, mean, variance, IsTraining, Momentum, epsilon);
    }

    // What moves with the batch. One number a channel, as in a last batch of one example, has no variance: libtorch would
    // divide by 0 and leave the running one not a number for good, so the batch is normalized and not remembered.
    (Tensor Mean, Tensor Variance) Running(Tensor input)
    {
        if (IsTraining && input.Count == input.Size(1))
        {
            return (runningMean.Value.Clone(), runningVariance.Value.Clone());
        }
        if (IsTraining && !TakesBatch)
        {
            batches.Value.AddInPlace(1);
        }
        return (runningMean.Value, runningVariance.Value);
    }
}
