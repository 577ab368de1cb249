using Anneal.Schedules;
using Anneal.Training.Data;

namespace Anneal.Training.Augmentation;

/// <summary>A change to training batches: batch in, batch out.</summary>
public interface IBatchTransform
{
    /// <summary>The name of the stream that its random numbers come from, the same for ever: with another name a run draws others.</summary>
    /// <remarks>The type's own name where it says none. Say it before the type is renamed, and old runs resume.</remarks>
    string Stream => GetType().Name;

    /// <summary>A changed batch of the same size. The batch given, and its tensors, stay as they are.</summary>
    /// <param name="batch">Images as stored, UInt8, or normalized.</param>
    /// <param name="context">Random numbers and scheduled values.</param>
    Batch Apply(Batch batch, BatchContext context);

    /// <summary>Sees to it that batches could be changed with these values. A run asks before it starts, for its key steps and the extremes of each value.</summary>
    /// <param name="values">Scheduled values by name.</param>
    /// <exception cref="ArgumentException">One is out of its range.</exception>
    void Check(IReadOnlyDictionary<string, double> values)
    {
    }

    /// <summary>The values that may change during training, by the name under which each step is given them; none unless a transform says so.</summary>
    IReadOnlyList<KeyValuePair<string, ScheduleText>> Schedules => [];
}
