using System.Diagnostics;
using System.Text.Json;

namespace Anneal.Bench;

/// <summary>The repository around this program, and its command line run as anybody runs it.</summary>
static class Repository
{
    public static string Root { get; } =
        Path.GetFullPath(Path.Combine(Environment.GetEnvironmentVariable("ANNEAL_BENCH_PEERS")!, "..", ".."));

    /// <summary>Starts `./anneal` with arguments; its output is dropped, or shown where it goes wrong.</summary>
    public static Process Start(params IReadOnlyList<string> arguments) =>
        Process.Start(new ProcessStartInfo(Path.Combine(Root, "anneal"), arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;

    /// <summary>Runs `./anneal` to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static void Run(params IReadOnlyList<string> arguments)
    {
        using Process process = Start(arguments);
        Task<string> said = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"./anneal {string.Join(' ', arguments)} ended with {process.ExitCode}: {said.Result}");
        }
    }

    /// <summary>Test accuracy, 0 to 1, as a run's or study's evaluation.json has it.</summary>
    public static double TestAccuracy(string folder)
    {
        JsonElement evaluation = JsonElement.Parse(File.ReadAllText(Path.Combine(folder, "evaluation.json")));
        return evaluation.GetProperty("split").GetString() == "test"
            ? evaluation.GetProperty("accuracy").GetDouble()
            : throw new InvalidOperationException($"{folder} must have been measured on the test examples.");
    }
}

/// <summary>A folder that goes when it is disposed.</summary>
sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("anneal-bench-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
