using System.CommandLine;
using Anneal.Reports;

namespace Anneal.Cli.Commands;

/// <summary><c>anneal report</c>: writes a run's or a study's page again.</summary>
static class ReportCommand
{
    internal static Command Create()
    {
        Argument<string> folder = new("folder") { HelpName = "folder", Description = "A run's or a study's folder; it may still be going on." };
        Command command = new("report", "Write report.html of a run or a study again, and print its path.") { folder };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(folder);
            if (Directory.Exists(path) && !File.Exists(Path.Combine(path, "events.jsonl")) && !File.Exists(Path.Combine(path, "steps.jsonl")))
            {
                throw new DirectoryNotFoundException($"A run's folder must have an events.jsonl, a study's a steps.jsonl. Received: {path}, which has neither.");
            }
            Console.Out.WriteLine(Report.Write(path));
            return ExitCode.Ok;
        });
        return command;
    }
}
