namespace Anneal.Training.Recipes;

/// <summary>In which order images lie in memory.</summary>
public enum Layout
{
    /// <summary>Channels last for models with convolutions.</summary>
    Auto,

    /// <summary>Channel by channel.</summary>
    Contiguous,

    /// <summary>Pixel by pixel.</summary>
    ChannelsLast,
}
