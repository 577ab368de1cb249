namespace Anneal.Torch;

/// <summary>In which order an image tensor [batch, channels, height, width] lies in memory; the numbers are libtorch's.</summary>
public enum MemoryFormat
{
    /// <summary>Row-major: channel by channel.</summary>
    Contiguous = 0,

    /// <summary>As the source has it.</summary>
    Preserve = 1,

    /// <summary>Pixel by pixel, a pixel's channels side by side: what fast convolutions want.</summary>
    ChannelsLast = 2,
}
