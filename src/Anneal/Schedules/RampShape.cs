namespace Anneal.Schedules;

/// <summary>How <see cref="SpecAugmentPhases"/> rises to its peak.</summary>
public enum RampShape
{
    /// <summary><c>peak · step/ramp</c>.</summary>
    Linear,

    /// <summary>By the same factor at every step, from <c>floor · peak</c>.</summary>
    Exponential,

    /// <summary><c>peak · (step/ramp)⁴</c>, as <see cref="BurnIn"/>.</summary>
    Power,
}
