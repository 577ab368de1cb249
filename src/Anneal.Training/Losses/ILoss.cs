using Anneal.Schedules;
using Anneal.Torch;

namespace Anneal.Training.Losses;

/// <summary>What training makes small: a value of a recipe.</summary>
public interface ILoss
{
    /// <summary>The mean loss of a batch, one element.</summary>
    /// <param name="logits">Scores before softmax, shape [batch, classes].</param>
    /// <param name="targets">Class indices [batch] (Int64) or class probabilities [batch, classes] (floating point).</param>
    /// <param name="values">Scheduled values by name at this step, among them those of <see cref="Schedules"/>.</param>
    Tensor Compute(Tensor logits, Tensor targets, IReadOnlyDictionary<string, double> values);

    /// <summary>The values that may change during training, by the name under which each step is given them.</summary>
    IReadOnlyList<KeyValuePair<string, ScheduleText>> Schedules { get; }
}
