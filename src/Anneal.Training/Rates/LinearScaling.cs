namespace Anneal.Training.Rates;

/// <summary>A batch k times as large has k times the learning rate: the rule for SGD.</summary>
/// <remarks>
/// Goyal et al., "Accurate, large minibatch SGD: training ImageNet in 1 hour", 2017, section 2.1, for rates that warm up first.
/// It holds up to a batch that depends on the task, and then asks for too much.
/// </remarks>
public sealed record LinearScaling : BatchScaling
{
    /// <inheritdoc/>
    protected override double Rule(double ratio) => ratio;
}
