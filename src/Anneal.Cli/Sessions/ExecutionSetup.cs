using System.Globalization;
using Anneal.Cli.Display;
using Anneal.Cli.Machines;
using Anneal.Runs;
using Anneal.Torch;
using Anneal.Training.Data;
using Anneal.Training.Recipes;
using Anneal.Training.Speed;

namespace Anneal.Cli.Sessions;

/// <summary>How a run is computed on this machine: chosen, and said.</summary>
static class ExecutionSetup
{
    /// <summary>Chooses what the recipe and the user leave open, and sets the threads.</summary>
    internal static ExecutionChoice Choose(Recipe recipe, Dataset data, Device device, int? threads)
    {
        ExecutionProbe probe = new()
        {
            MostThreads = Machine.PhysicalCores,
            Threads = threads,
            Machine = Machine.Processor,
            Load = () => Machine.Load,
            Cache = ExecutionCache.OfUser(TimeProvider.System),
        };
        ExecutionChoice choice = probe.Choose(recipe, data, device);
        Engine.Threads = choice.Settings.Threads;
        return choice;
    }

    /// <summary>The choice in a line for people, such as <c>float32, contiguous, 1 thread: 124 µs an update, the fastest of 4 ways measured</c>.</summary>
    internal static string Describe(RunInformation run)
    {
        string settings = $"{run.Precision}, {run.Layout}, {run.Threads} {(run.Threads == 1 ? "thread" : "threads")}";
        return run.Execution switch
        {
            { By: ExecutionEvidence.Measuring or ExecutionEvidence.Kept, Measured: [{ } chosen, ..] all } evidence =>
                $"{settings}: {Words.Seconds(chosen.Seconds)} an update, " +
                (all.Count == 1 ? "the only way measured" : $"the fastest of {all.Count} ways measured") +
                (evidence is { By: ExecutionEvidence.Kept, At: { } at } ? string.Create(CultureInfo.InvariantCulture, $" on {at:yyyy-MM-dd}") : ""),
            { By: ExecutionEvidence.Rule } => $"{settings}, by a rule of thumb: the run is too short to measure",
            _ => settings,
        };
    }
}
