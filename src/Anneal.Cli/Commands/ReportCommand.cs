using System.CommandLine;
using System.Text.Json.Nodes;
using Anneal.Reports;

namespace Anneal.Cli.Commands;

/// <summary><c>anneal report</c>: writes a run's or a study's page again.</summary>
static class ReportCommand
{
    internal static Command Create()
    {
        Argument<string> folder = new("folder") { HelpName = "folder", Description = "A run's or a study's folder; it may still be going on." };
        Option<bool> json = new("--json") { Description = "Print the path in a line of JSON. Default: the path alone." };
        Command command = new("report", "Write report.html of a run or a study again, and print its path.") { folder, json };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(folder);
            if (File.Exists(path))
            {
                throw new DirectoryNotFoundException($"A report is made from a run's or a study's folder. Received: {path}, which is a file.");
            }
            if (Directory.Exists(path) && !File.Exists(Path.Combine(path, "events.jsonl")) && !File.Exists(Path.Combine(path, "steps.jsonl")))
            {
                throw new DirectoryNotFoundException($"A run's folder must have an events.jsonl, a study's a steps.jsonl. Received: {path}, which has neither.");
            }
            string report = Report.Write(path);
            Console.Out.WriteLine(parsed.GetValue(json) ? new JsonObject { ["report"] = Path.GetFullPath(report) }.ToJsonString() : report);
            return ExitCode.Ok;
        });
        return command;
    }
}
