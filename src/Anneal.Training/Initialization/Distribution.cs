namespace Anneal.Training.Initialization;

/// <summary>The distribution that weights are drawn from.</summary>
public enum Distribution
{
    /// <summary>Normal.</summary>
    Normal,

    /// <summary>Uniform, between −√3 and √3 standard deviations.</summary>
    Uniform,
}
