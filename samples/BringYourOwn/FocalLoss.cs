using Anneal.Schedules;
using Anneal.Torch;
using Anneal.Training.Losses;

namespace BringYourOwn;

/// <summary>Cross-entropy that cares less for examples already right: (1 − p)^focus · −log p.</summary>
/// <remarks>Lin et al., "Focal loss for dense object detection", 2017, section 3.2. Targets are class indices.</remarks>
public sealed record FocalLoss : ILoss
{
    /// <summary>γ, at least 0; 0 is cross-entropy. It may change during training.</summary>
    public ScheduleText Focus { get; init; } = 2;

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, ScheduleText>> Schedules => [KeyValuePair.Create("focus", Focus)];

    /// <inheritdoc/>
    public LossValue Compute(LossContext context)
    {
        Tensor logProbability = context.Logits.LogSoftmax(1).Gather(1, context.Targets.Unsqueeze(1));
        // A power of exactly 0 has no gradient at 0: the clamp keeps the base above it.
        Tensor wrong = (-logProbability.Exp() + 1).Clamp(minimum: 1e-6);
        return (-logProbability * wrong.Pow(context.Values["focus"])).Mean();
    }
}
