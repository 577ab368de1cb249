using Anneal.Schedules;
using Anneal.Torch;
using Anneal.Torch.Serialization;
using Anneal.Training.Recipes;

namespace Anneal.Cli;

/// <summary>What an exception means to the caller: an exit code and one message. The only place that knows.</summary>
/// <param name="Code">One of <see cref="ExitCode"/>.</param>
/// <param name="Message">The rule, what was received, what to do.</param>
sealed record Failure(int Code, string Message)
{
    /// <summary>Set to 1 to see where an error comes from.</summary>
    internal const string TraceVariable = "ANNEAL_TRACE";

    internal static Failure Of(Exception exception) => exception switch
    {
        UsageException or RecipeException or ScheduleFormatException => new(ExitCode.Usage, exception.Message),
        InvalidFileException or DirectoryNotFoundException or FileNotFoundException => new(ExitCode.Data, exception.Message),
        TorchException { IsOutOfMemory: true } or OutOfMemoryException => new(
            ExitCode.OutOfMemory,
            "The memory did not suffice. Try a smaller batch-size with more accumulation, a smaller model, or bfloat16. " +
            $"Received: {FirstLine(exception.Message)}"),
        UnauthorizedAccessException => new(ExitCode.Failed, $"{exception.Message} See to it that this user may read and write there, or name another place."),
        IOException when exception.Message.Contains("No space left on device", StringComparison.Ordinal)
            || exception.Message.Contains("disk was full", StringComparison.Ordinal) => new(
            ExitCode.Failed, $"{exception.Message.TrimEnd('.')}. Make room there, or name a folder on another disk."),
        TorchException => new(ExitCode.Failed, exception.Message),
        TypeInitializationException { InnerException: { } inner } => Of(inner),
        _ => new(ExitCode.Failed, exception.Message),
    };

    static string FirstLine(string message) => message.Split('\n')[0];
}
