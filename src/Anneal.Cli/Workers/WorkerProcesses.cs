using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Anneal.Cli.Machines;
using Anneal.Events;
using Anneal.Training.Recipes;
using Anneal.Training.Tuning;

namespace Anneal.Cli.Workers;

/// <summary>Trains each recipe in a process of its own, this same program: trials with one thread, the final training with all.</summary>
/// <remarks>A process of its own keeps a crash to its trial, gives each its own libtorch threads, and can be ended at once.</remarks>
sealed class WorkerProcesses(int parallel) : ITrialRunner
{
    /// <inheritdoc/>
    public int Parallel { get; } = parallel;

    /// <inheritdoc/>
    public async Task<TrialOutcome> Train(TrialRequest trial, Func<TrainingEvent, bool> happened, CancellationToken cancellation)
    {
        using Process process = Start(Arguments(trial));
        bool ended = false;
        bool late = false;
        RunEnded? last = null;
        Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using (cancellation.Register(() => Tell(process, input => input.Close())))
        using (trial.Finish.Register(() => Tell(process, Finish)))
        using (trial.GiveUp.Register(() =>
        {
            late = true;
            process.Kill();
        }))
        {
            while (await process.StandardOutput.ReadLineAsync(CancellationToken.None).ConfigureAwait(false) is { } line)
            {
                // One that is killed, or dies, leaves a line in pieces: its exit code says more.
                if (ended || late || !TryRead(line, out TrainingEvent? read))
                {
                    continue;
                }
                last = read as RunEnded ?? last;
                if (!happened(read))
                {
                    // What it learned is not needed: it is ended without a checkpoint.
                    ended = true;
                    process.Kill();
                }
            }
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
        string said = (await errors.ConfigureAwait(false)).Trim();
        return late ? new TrialOutcome("late", "There was no time to wait for its end.")
            : ended ? new TrialOutcome("stopped-early", "Ended early.")
            : process.ExitCode switch
            {
                ExitCode.Ok => new TrialOutcome("completed", last?.Reason ?? ""),
                ExitCode.Diverged => new TrialOutcome("diverged", last?.Reason ?? said),
                ExitCode.Interrupted or ExitCode.Terminated or ExitCode.HungUp => new TrialOutcome("interrupted", "Asked to stop."),
                int code => new TrialOutcome("failed", $"The worker process ended with exit code {code}. {said}"),
            };
    }

    static void Finish(StreamWriter input)
    {
        input.WriteLine(StopSignals.FinishLine);
        input.Flush();
    }

    // One that has ended meanwhile need not be told anything.
    static void Tell(Process process, Action<StreamWriter> tell)
    {
        try
        {
            tell(process.StandardInput);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
        }
    }

    static bool TryRead(string line, [NotNullWhen(true)] out TrainingEvent? read)
    {
        try
        {
            read = EventLines.Read(line);
            return true;
        }
        catch (FormatException)
        {
            read = null;
            return false;
        }
    }

    static Process Start(IEnumerable<string> arguments)
    {
        string program = Environment.ProcessPath ?? "dotnet";
        ProcessStartInfo start = new(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(typeof(WorkerProcesses).Assembly.Location);
        }
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        return Process.Start(start) ?? throw new InvalidOperationException($"A worker process must start. Received: none from {program}.");
    }

    static IEnumerable<string> Arguments(TrialRequest trial)
    {
        string recipe = Path.Combine(trial.Folder, "recipe.yaml");
        if (File.Exists(Path.Combine(trial.Folder, "events.jsonl")))
        {
            yield return "resume";
            yield return trial.Folder;
        }
        else
        {
            Directory.CreateDirectory(trial.Folder);
            File.WriteAllText(recipe, RecipeText.Write(trial.Recipe));
            yield return "train";
            yield return recipe;
            yield return "--out";
            yield return trial.Folder;
        }
        yield return "--json";
        yield return "--quiet";
        yield return "--no-report";
        // Closing its input asks a worker to save and end, and the end of this process closes it.
        yield return "--end-with-input";
        if (!trial.Alone)
        {
            yield return "--no-evaluate";
            yield return "--threads";
            yield return "1";
        }
    }
}
