namespace Anneal.Cli.Display;

/// <summary>What the process may assume of its output.</summary>
static class Terminal
{
    /// <summary>Whether a person watches standard error, so that it can be redrawn.</summary>
    internal static bool IsLive => !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");

    /// <summary>Whether standard error may be coloured (https://no-color.org).</summary>
    internal static bool ErrorHasColour => IsLive && !NoColour;

    /// <summary>Whether standard output may be coloured.</summary>
    internal static bool OutputHasColour => !Console.IsOutputRedirected && !NoColour && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");

    static bool NoColour => Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };

    internal static void WriteError(string message) =>
        Console.Error.WriteLine(ErrorHasColour ? $"\e[31manneal:\e[0m {message}" : $"anneal: {message}");
}
