namespace Anneal.Schedules;

/// <summary>How a phase of <see cref="OneCycle"/> goes from one value to the next.</summary>
public enum OneCycleShape
{
    /// <summary>Half a cosine wave.</summary>
    Cosine,

    /// <summary>A straight line.</summary>
    Linear,
}
