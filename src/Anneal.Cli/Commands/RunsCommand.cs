using System.CommandLine;
using System.Text.Json;
using Anneal.Cli.Display;
using Anneal.Events;
using Anneal.Metrics;
using Anneal.Runs;
using Anneal.Torch.Serialization;
using Anneal.Training.Recipes;
using RunFolder = Anneal.Training.Runs.RunFolder;

namespace Anneal.Cli.Commands;

/// <summary><c>anneal runs</c>: a table of the runs in a folder.</summary>
static class RunsCommand
{
    internal static Command Create()
    {
        Argument<string?> folder = new("folder") { HelpName = "folder", Description = "A folder of runs, or a study. Default: runs.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> json = new("--json") { Description = "Write a line of JSON for each run. Default: a table." };
        Command command = new("runs", "List the runs in a folder, with how they ended and what they reached.") { folder, json };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(folder) ?? "runs";
            if (!Directory.Exists(path))
            {
                string why = File.Exists(path) ? $"Received: {path}, which is a file." : $"There is no folder '{path}'.";
                throw new DirectoryNotFoundException($"Runs are in a folder. {why} To make a run: anneal train recipe.yaml");
            }
            List<Row> rows = [.. Folders(path).Select(run => Read(run, Path.GetRelativePath(path, run))).OfType<Row>()];
            if (parsed.GetValue(json))
            {
                rows.ForEach(row => Console.Out.WriteLine(JsonLine(row)));
                return ExitCode.Ok;
            }
            if (rows.Count == 0)
            {
                Terminal.WriteError($"There is no run in '{path}'.");
                return ExitCode.Ok;
            }
            TextTable table = new(["run", "model", "data", "outcome", "best validation", "test", "time"], rightFrom: 4);
            foreach (Row row in rows)
            {
                table.Add(
                    row.Name, row.Model, row.Data, row.Outcome,
                    row.Validation is { } validation ? Words.Percent(validation) : "–",
                    row.Test is { } test ? Words.Percent(test) : "–",
                    Words.Time(TimeSpan.FromSeconds(row.Seconds)));
            }
            table.Write(Console.Out);
            return ExitCode.Ok;
        });
        return command;
    }

    // A study is a folder of trials and, once it has trained its recipe in full, a run itself.
    static IEnumerable<string> Folders(string path)
    {
        string trials = Path.Combine(path, "trials");
        IEnumerable<string> within = Sorted(path);
        return Directory.Exists(trials) ? [path, .. within, .. Sorted(trials)]
            : File.Exists(Path.Combine(path, "events.jsonl")) ? [path]
            : within;

        static IEnumerable<string> Sorted(string folder) => Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal);
    }

    static Row? Read(string path, string name)
    {
        if (!File.Exists(Path.Combine(path, "recipe.yaml")) || !File.Exists(Path.Combine(path, "events.jsonl")))
        {
            return null;
        }
        using RunFolder run = RunFolder.Open(path);
        IReadOnlyList<TrainingEvent> events;
        string data;
        try
        {
            events = run.ReadEvents();
            data = Words.NameOf(run.ReadRecipe().Data);
        }
        catch (Exception e) when (e is InvalidFileException or RecipeException)
        {
            return new Row(name, "?", "?", "damaged", null, null, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Row(name, "?", "?", "unreadable", null, null, 0);
        }
        double[] validations = [.. events.OfType<Evaluated>().Where(each => each.Split == "validation").Select(each => each.Accuracy)];
        return new Row(
            name,
            events.OfType<RunStarted>().FirstOrDefault()?.Model ?? "?",
            data,
            events is [.., RunEnded ended] ? ended.Outcome : run.IsHeld ? "running" : "cut off",
            validations.Length > 0 ? validations.Max() : null,
            TestAccuracy(Path.Combine(path, "evaluation.json")),
            events.Count > 0 ? events[^1].Seconds : 0);
    }

    static double? TestAccuracy(string file)
    {
        try
        {
            return File.Exists(file) && JsonSerializer.Deserialize(File.ReadAllText(file), RunJson.Default.Evaluation) is Evaluation { Split: "test" } evaluation
                ? evaluation.Accuracy
                : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    static string JsonLine(Row row)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("run", row.Name);
            writer.WriteString("model", row.Model);
            writer.WriteString("data", row.Data);
            writer.WriteString("outcome", row.Outcome);
            Write(writer, "best-validation-accuracy", row.Validation);
            Write(writer, "test-accuracy", row.Test);
            writer.WriteNumber("seconds", row.Seconds);
            writer.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    static void Write(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }

    sealed record Row(string Name, string Model, string Data, string Outcome, double? Validation, double? Test, double Seconds);
}
