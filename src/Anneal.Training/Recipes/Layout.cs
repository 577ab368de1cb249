namespace Anneal.Training.Recipes;

/// <summary>In which order images lie in memory.</summary>
public enum Layout
{
    /// <summary>
    /// On the command line, the one that measures faster; from code, channels last for models with convolutions, unless
    /// <see cref="Speed.ExecutionProbe"/> is asked.
    /// </summary>
    Auto,

    /// <summary>Channel by channel.</summary>
    Contiguous,

    /// <summary>Pixel by pixel.</summary>
    ChannelsLast,
}
