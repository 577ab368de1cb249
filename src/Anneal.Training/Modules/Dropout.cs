using Anneal.Torch;

namespace Anneal.Training.Modules;

/// <summary>In training, zeros each element with a probability and scales the others by 1 / (1 − p) (Srivastava et al. 2014).</summary>
public sealed class Dropout : Module
{
    /// <summary>Dropout of a probability, 0 to below 1.</summary>
    public Dropout(double probability) => Probability = probability is >= 0 and < 1
        ? probability
        : throw new ArgumentOutOfRangeException(nameof(probability), probability, "Dropout's probability must be at least 0 and below 1.");

    /// <summary>The share of elements set to zero.</summary>
    public double Probability { get; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => input.Dropout(Probability, IsTraining);
}
