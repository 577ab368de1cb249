using Anneal.Torch;

namespace Anneal.Training.Losses;

/// <summary>What a loss is computed from.</summary>
public sealed record LossContext
{
    /// <summary>Scores before softmax, Float32 [batch, classes].</summary>
    public required Tensor Logits { get; init; }

    /// <summary>Class indices [batch] (Int64) or class probabilities [batch, classes] (floating point).</summary>
    public required Tensor Targets { get; init; }

    /// <summary>Scheduled values by name at this step, among them those of <see cref="ILoss.Schedules"/>.</summary>
    public required IReadOnlyDictionary<string, double> Values { get; init; }
}
