using Anneal.Torch;

namespace Anneal.Training.Losses;

/// <summary>The loss of a batch and the weight that it is over: the number of examples, or the sum of their weights.</summary>
public sealed record LossValue
{
    readonly Tensor value;
    readonly bool isSum;
    readonly Tensor? weightTensor;
    readonly double? weight;

    LossValue(Tensor value, bool isSum, Tensor? weightTensor, double? weight)
    {
        if (value.Count != 1 || weightTensor is { Count: not 1 })
        {
            throw new ArgumentException(
                $"A loss and its weight must have one element each. Received: {value}{(weightTensor is null ? "" : $" and {weightTensor}")}.");
        }
        this.value = value;
        this.isSum = isSum;
        this.weightTensor = weightTensor;
        this.weight = weight is null or >= 0 ? weight : throw NoWeight(weight.Value);
    }

    /// <summary>The mean over the batch.</summary>
    public Tensor Mean => !isSum ? value : weightTensor is not null ? value / weightTensor : value * (1 / weight!.Value);

    /// <summary>A mean over the examples of the batch, each of which counts the same.</summary>
    public static implicit operator LossValue(Tensor mean) => new(mean, isSum: false, null, null);

    /// <summary>A mean over a weight that is known: what it is where that is 0 does not matter, it adds nothing.</summary>
    /// <param name="mean">One element.</param>
    /// <param name="weight">At least 0; the number of examples where each counts the same.</param>
    public static LossValue OfMean(Tensor mean, double weight) => new(mean, isSum: false, null, weight);

    /// <summary>A weighted sum.</summary>
    /// <param name="sum">The sum of each example's loss times its weight, one element.</param>
    /// <param name="weight">The sum of the weights, one element of at least 0 on the same device.</param>
    public static LossValue OfSum(Tensor sum, Tensor weight) => new(sum, isSum: true, weight, null);

    /// <summary>A weighted sum whose weight is known.</summary>
    /// <param name="sum">The sum of each example's loss times its weight, one element.</param>
    /// <param name="weight">The sum of the weights, at least 0.</param>
    public static LossValue OfSum(Tensor sum, double weight) => new(sum, isSum: true, null, weight);

    /// <summary>Sum and weight as numbers.</summary>
    /// <param name="examples">Examples of the batch, which are its weight where it says none.</param>
    internal (double Sum, double Weight) Read(int examples)
    {
        double total = weight ?? examples;
        double read;
        if (weightTensor is null)
        {
            read = value.ToDouble();
        }
        else if (weightTensor.Device.IsCuda)
        {
            // Both at once: the device is waited for no more often than for the loss alone.
            float[] both = Tensor.Concatenate([value.Detach().Reshape(1), weightTensor.Detach().Reshape(1)]).ToArray<float>();
            (read, total) = (both[0], both[1]);
        }
        else
        {
            (read, total) = (value.ToDouble(), weightTensor.ToDouble());
        }
        if (total < 0)
        {
            throw NoWeight(total);
        }
        return (isSum ? read : total == 0 ? 0 : read * total, total);
    }

    /// <summary>The sum divided by a number, ready for a backward pass.</summary>
    /// <param name="weight">The weight as <see cref="Read"/> said.</param>
    /// <param name="divisor">Above 0.</param>
    internal Tensor Over(double weight, double divisor)
    {
        double scale = (isSum ? 1 : weight) / divisor;
        return scale == 1 ? value : value * scale;
    }

    static ArgumentException NoWeight(double received) => new($"The weight of a loss must be at least 0. Received: {received}.");
}
