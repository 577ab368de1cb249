namespace Anneal.Torch.Serialization;

/// <summary>A file is not what its format demands: cut off, damaged, or something else altogether.</summary>
/// <remarks>Thrown for what a file says, never for failing to read it: that stays an <see cref="IOException"/>.</remarks>
public sealed class InvalidFileException : Exception
{
    /// <summary>An error whose message opens with the file's name.</summary>
    /// <param name="file">The file's path, or what it is called.</param>
    /// <param name="rule">The rule that it breaks, then what was found instead.</param>
    /// <param name="innerException">What noticed it, if that says more.</param>
    public InvalidFileException(string file, string rule, Exception? innerException = null)
        : base($"{file}: {rule}", innerException) => File = file;

    /// <summary>The file's path, or what it is called.</summary>
    public string File { get; }
}
