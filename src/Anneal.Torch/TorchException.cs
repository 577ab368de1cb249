namespace Anneal.Torch;

/// <summary>libtorch refused a call. The message names the operator, what was passed to it, and libtorch's reason.</summary>
public sealed class TorchException : Exception
{
    /// <summary>An error without a message.</summary>
    public TorchException()
    {
    }

    /// <summary>An error with libtorch's message.</summary>
    public TorchException(string message) : base(message)
    {
    }

    /// <summary>An error with a message and what caused it.</summary>
    public TorchException(string message, Exception inner) : base(message, inner)
    {
    }

    /// <summary>Whether memory, of the machine or the device, ran out.</summary>
    public bool IsOutOfMemory { get; init; }
}
