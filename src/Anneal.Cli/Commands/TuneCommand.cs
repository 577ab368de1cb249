using System.CommandLine;
using System.Globalization;
using Anneal.Cli.Display;
using Anneal.Cli.Machines;
using Anneal.Cli.Workers;
using Anneal.Reports;
using Anneal.Runs;
using Anneal.Torch;
using Anneal.Training.Data;
using Anneal.Training.Recipes;
using Anneal.Training.Tuning;

namespace Anneal.Cli.Commands;

/// <summary><c>anneal tune</c>: finds a recipe for a data set by the seven steps.</summary>
static class TuneCommand
{
    internal static Command Create()
    {
        Argument<string> data = new("data") { Description = "The data set: fashion-mnist, or a folder of IDX files." };
        Option<string?> budget = new("--budget", "-b")
        {
            HelpName = "time",
            Description = "Wall-clock time for everything, such as 90s, 10m or 2h; at least 1m. Default: 10m.",
        };
        Option<string?> output = new("--out", "-o")
        {
            HelpName = "folder",
            Description = "The study's folder; an interrupted study in it is continued. Default: runs/tune-<data>.",
        };
        Option<ulong> seed = new("--seed") { HelpName = "number", Description = "What all random draws derive from, a whole number from 0. Default: 0." };
        Option<string?> start = new("--start") { HelpName = "recipe.yaml", Description = "The recipe to start from. Default: one that the budget can train." };
        Option<bool> json = new("--json") { Description = "Write findings and notebook entries as lines of JSON to standard output. Default: a summary at the end." };
        Option<bool> quiet = new("--quiet", "-q") { Description = "Show no progress. Default: progress on standard error." };
        Command command = new("tune", "Find a recipe for a data set by the seven steps, train it, and show the evidence.")
        {
            data, budget, output, seed, start, json, quiet,
        };
        command.SetAction(parsed =>
        {
            string name = parsed.GetRequiredValue(data);
            string folder = parsed.GetValue(output) ?? Path.Combine("runs", $"tune-{Path.GetFileName(Path.TrimEndingDirectorySeparator(name))}");
            StudyOptions options = new()
            {
                Data = name,
                Budget = ParseBudget(parsed.GetValue(budget) ?? "10m"),
                Seed = parsed.GetValue(seed),
                Command = RunOptions.CommandOf(parsed, json, quiet),
                Start = parsed.GetValue(start) is { } file ? RecipeFile.Read(file, []) with { Data = name } : null,
            };
            return Run(options, folder, parsed.GetValue(json), parsed.GetValue(quiet));
        });
        return command;
    }

    /// <summary>A length of time as people write it: <c>90s</c>, <c>10m</c>, <c>1.5h</c>.</summary>
    /// <exception cref="UsageException">The text is none, or shorter than a minute.</exception>
    internal static TimeSpan ParseBudget(string text)
    {
        double unit = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        return unit > 0
            && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double amount)
            && amount * unit is >= 60 and <= 1e7
            ? TimeSpan.FromSeconds(amount * unit)
            : throw new UsageException($"--budget must be a time of at least a minute, such as 90s, 10m or 2h. Received: {text}.");
    }

    static int Run(StudyOptions options, string path, bool json, bool quiet)
    {
        // Measured steps use the whole machine; trials run side by side with one thread each.
        Engine.Threads = Machine.PhysicalCores;
        using Dataset data = Dataset.Open(options.Data);
        data.Remarks.ToList().ForEach(Terminal.WriteError);
        using StudyFolder folder = StudyFolder.Open(path);
        if (folder.Steps.Any(step => step.Step == 8))
        {
            Terminal.WriteError($"This study is finished. To make another, name another folder with --out. Received: {RunFollower.Relative(folder.Path)}.");
            Summarize(folder, json);
            return CodeOf(folder.ReadState() is { Outcome.Length: > 0 } state
                ? new TrialOutcome(state.Outcome, state.Reason)
                : new TrialOutcome(folder.Notebook.LastOrDefault(entry => entry.Step == 8)?.Outcome ?? "completed", ""));
        }
        using StudyDisplay display = new(json, quiet, options.Budget, TimeSpan.FromSeconds(folder.ReadState()?.Spent ?? 0));
        using StopSignals signals = new(display.Say);
        Study study = new(options, data, new WorkerProcesses(Math.Max(1, Machine.PhysicalCores)), folder, display, TimeProvider.System);
        try
        {
            TrialOutcome outcome = study.Run(signals.Token);
            Report.Write(folder.Path);
            Summarize(folder, json);
            return CodeOf(outcome);
        }
        catch (OperationCanceledException)
        {
            Report.Write(folder.Path);
            Terminal.WriteError($"Stopped; what was found so far is in {RunFollower.Relative(folder.Path)}. The same command goes on from there.");
            return signals.Code ?? ExitCode.Failed;
        }
    }

    static int CodeOf(TrialOutcome outcome)
    {
        switch (outcome.Outcome)
        {
            case "completed":
                return ExitCode.Ok;
            case "diverged":
                return ExitCode.Diverged;
            case "near-chance":
                Terminal.WriteError(outcome.Reason);
                return ExitCode.NearChance;
            default:
                Terminal.WriteError($"The final training did not end. {outcome.Reason} The same command goes on with it.");
                return ExitCode.Failed;
        }
    }

    static void Summarize(StudyFolder folder, bool json)
    {
        if (json)
        {
            return;
        }
        string file = Path.Combine(folder.Path, "evaluation.json");
        if (File.Exists(file) && System.Text.Json.JsonSerializer.Deserialize(File.ReadAllText(file), RunJson.Default.Evaluation) is { } evaluation)
        {
            Console.Out.WriteLine($"test accuracy   {Words.Percent(evaluation.Accuracy)} of {Words.Count(evaluation.Examples)}");
            Console.Out.WriteLine($"calibration     {Words.Calibration(evaluation)}");
        }
        Console.Out.WriteLine($"trials          {folder.Notebook.Count}");
        Console.Out.WriteLine($"recipe          {RunFollower.Relative(Path.Combine(folder.Path, "recipe.yaml"))}");
        Console.Out.WriteLine($"report          {RunFollower.Relative(Path.Combine(folder.Path, Report.FileName))}");
    }
}
