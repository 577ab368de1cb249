using System.CommandLine;
using Anneal.Cli.Display;
using Anneal.Cli.Sessions;
using Anneal.Events;
using Anneal.Training.Recipes;
using Anneal.Training.Tuning;
using RunFolder = Anneal.Training.Runs.RunFolder;

namespace Anneal.Cli.Commands;

/// <summary><c>anneal resume</c>: goes on with an interrupted run, to the same bits as if it had never stopped.</summary>
static class ResumeCommand
{
    internal static Command Create()
    {
        Argument<string> folder = new("folder") { HelpName = "folder", Description = "The run's folder." };
        Command command = new("resume", "Go on with an interrupted run, to the same result as if it had never stopped.") { folder };
        RunOptions options = new(command, resumes: true);
        command.SetAction(parsed =>
        {
            using RunFolder run = RunFolder.Open(parsed.GetRequiredValue(folder));
            if (StudyFolder.IsAt(run.Path) && !File.Exists(run.EventsFile))
            {
                throw new UsageException($"A study goes on with the command that began it, {StudyFolder.CommandOf(run.Path) ?? $"anneal tune <data> --out {RunFollower.Relative(run.Path)}"}: it has no run of its own yet.");
            }
            IReadOnlyList<KeyValuePair<string, string>> overrides = options.Overrides(parsed);
            Recipe recipe = RecipeFile.Read(run.RecipeFile, overrides);
            SessionOptions session = options.Session(parsed);
            bool longer = overrides.Any(value => value.Key == "duration");
            if (!longer && run.ReadEvents().OfType<RunEnded>().LastOrDefault() is { Outcome: "completed" or "stopped" } ended
                && (overrides.Count == 0 || ended.Outcome == "completed"))
            {
                string? change = overrides.Count > 0 ? " Only a longer one goes on: --set duration=..." : null;
                if (change is not null || IsWhole(run, session))
                {
                    Terminal.WriteError($"This run is finished: {ended.Reason}{change}");
                    return change is null ? ExitCode.Ok : ExitCode.Usage;
                }
            }
            return RunFollower.Follow(
                notice => RunSession.Continue(run, recipe, session, notice),
                options.IsJson(parsed), options.IsQuiet(parsed), options.EndsWithInput(parsed));
        });
        return command;
    }

    // A run may have been killed between its last step and its report.
    static bool IsWhole(RunFolder run, SessionOptions options) =>
        (!options.Evaluate || (File.Exists(run.ModelFile) && File.Exists(Path.Combine(run.Path, "evaluation.json"))))
        && (!options.Report || File.Exists(Path.Combine(run.Path, Reports.Report.FileName)));
}
