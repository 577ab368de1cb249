using Anneal.Text;

namespace Anneal.Training.Rates;

/// <summary>How the learning rate follows the batch size: a value of a recipe. The whole schedule is multiplied by one factor.</summary>
/// <remarks>A batch is all examples of one update: those of the accumulated passes and of all processes together.</remarks>
public abstract record BatchScaling
{
    /// <summary>The examples in one update that the recipe's learning rate is meant for; at least 1.</summary>
    public required int Reference
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentException($"The reference batch must be at least 1. Received: {value}.");
    }

    /// <summary>What the rule comes to. A run's own recipe has it written out; null leaves it to the rule.</summary>
    public double? Factor
    {
        get;
        init => field = value is null or > 0 and < double.PositiveInfinity ? value : throw new ArgumentException($"The factor must be above 0. Received: {value}.");
    }

    /// <summary>What the learning rate is multiplied by.</summary>
    /// <param name="batch">Examples in one update.</param>
    /// <exception cref="ArgumentException">Another factor is written out.</exception>
    public double For(int batch)
    {
        double factor = Rule((double)batch / Reference);
        // What was written out has all its digits; by hand a few are enough.
        return Factor is not { } written || Math.Abs(written - factor) <= 1e-3 * factor
            ? factor
            : throw new ArgumentException(
                $"The factor must be what the rule comes to, {NumberText.Format(factor)} for {batch} examples in an update against {Reference}, or none. Received: {NumberText.Format(written)}.");
    }

    /// <summary>The rule.</summary>
    /// <param name="ratio">The batch over the reference.</param>
    protected abstract double Rule(double ratio);
}
