using Anneal.Schedules;

namespace Anneal.Training.Losses;

/// <summary>What training makes small: a value of a recipe.</summary>
public interface ILoss
{
    /// <summary>The loss of a batch, with the weight that it is over.</summary>
    /// <remarks>
    /// An update may be made of several batches. Its loss is then the sum of theirs over the sum of their weights, so that it is
    /// the same however it is divided. A mean over the examples may be returned as a tensor alone.
    /// </remarks>
    LossValue Compute(LossContext context);

    /// <summary>Sees to it that a loss could be computed with these values. A run asks before it starts, for its key steps and the extremes of each value.</summary>
    /// <param name="values">Scheduled values by name.</param>
    /// <exception cref="ArgumentException">One is out of its range.</exception>
    void Check(IReadOnlyDictionary<string, double> values)
    {
    }

    /// <summary>The values that may change during training, by the name under which each step is given them.</summary>
    IReadOnlyList<KeyValuePair<string, ScheduleText>> Schedules { get; }
}
