using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Anneal.Calibration;
using Anneal.Events;
using Anneal.Metrics;
using Anneal.Runs;
using Anneal.Search;

namespace Anneal.Reports;

/// <summary>Reads one folder and remembers what in it made no sense.</summary>
sealed class RunFolderReader(string folder)
{
    readonly List<ReadingProblem> problems = [];

    public RunFolder Read()
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"A report is made from a run's folder. There is no folder '{folder}'; `anneal runs` lists those there are.");
        }

        return new RunFolder
        {
            Name = new DirectoryInfo(folder).Name,
            Study = StudyOf(folder),
            StudyHasReport = StudyOf(folder) is not null && File.Exists(Path.Combine(folder, "..", "..", Report.FileName)),
            Information = ReadJson("run.json", RunJson.Default.RunInformation),
            Recipe = ReadText("recipe.yaml"),
            EarlierRecipes =
            [
                .. from path in Directory.EnumerateFiles(folder, EarlierRecipe.Pattern)
                let file = Path.GetFileName(path)
                let step = EarlierRecipe.StepOf(file)
                where step is not null
                orderby step
                select KeyValuePair.Create(step.Value, ReadText(file) ?? ""),
            ],
            Events = ReadEvents("events.jsonl"),
            Evaluation = ReadJson("evaluation.json", RunJson.Default.Evaluation) is { } evaluation ? Check(evaluation) : null,
            Steps = [.. ReadLines("steps.jsonl", line => Parse(line, RunJson.Default.StepFinding)).Select(Check)],
            Notebook = [.. ReadLines("notebook.jsonl", line => Parse(line, RunJson.Default.NotebookEntry)).Select(Check)],
            StudyCommand = ReadStudyCommand(),
            Trials = ReadTrials(),
            // The parts above add to the list while they are read.
            Problems = problems,
        };
    }

    // All that a report needs of what a study keeps for itself.
    string? ReadStudyCommand()
    {
        if (ReadText("study.json") is not { } text)
        {
            return null;
        }
        try
        {
            using JsonDocument study = JsonDocument.Parse(text);
            return study.RootElement.TryGetProperty("command", out JsonElement command) && command.GetString() is { Length: > 0 } known ? known : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            problems.Add(new ReadingProblem { File = "study.json", Message = e.Message });
            return null;
        }
    }

    // A study keeps its trials in a folder of that name, beside its own state.
    static string? StudyOf(string folder) =>
        new DirectoryInfo(folder).Parent is { Name: "trials", Parent: { } study } && File.Exists(Path.Combine(study.FullName, "study.json"))
            ? study.Name
            : null;

    List<TrialFolder> ReadTrials()
    {
        string trials = Path.Combine(folder, "trials");
        if (!Directory.Exists(trials))
        {
            return [];
        }

        return
        [
            .. Directory.EnumerateDirectories(trials)
                .Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal)
                .Select(name => new TrialFolder
                {
                    Name = name,
                    HasReport = File.Exists(Path.Combine(trials, name, Report.FileName)),
                    Recipe = ReadText($"trials/{name}/recipe.yaml"),
                    Events = ReadEvents($"trials/{name}/events.jsonl"),
                }),
        ];
    }

    List<TrainingEvent> ReadEvents(string file)
    {
        List<TrainingEvent> events = [];
        foreach (TrainingEvent happened in ReadLines(file, EventLines.Read))
        {
            // After a kill a run goes on from its last checkpoint: what was logged beyond it is made again.
            if (happened is RunResumed)
            {
                events.RemoveAll(earlier => earlier.Step > happened.Step);
            }

            events.Add(happened);
        }
        return events;
    }

    List<T> ReadLines<T>(string file, Func<string, T> parse)
    {
        List<T> values = [];
        if (ReadText(file) is not { } text)
        {
            return values;
        }

        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].TrimEnd('\r');
            if (line.Length == 0)
            {
                continue;
            }

            try
            {
                values.Add(parse(line));
            }
            catch (FormatException) when (i == lines.Length - 1)
            {
                // No line break ends it: it is still being written, or a kill cut it off.
            }
            catch (FormatException e)
            {
                problems.Add(new() { File = file, Line = i + 1, Message = e.Message });
            }
        }
        return values;
    }

    T? ReadJson<T>(string file, JsonTypeInfo<T> type) where T : class
    {
        if (ReadText(file) is not { } text)
        {
            return null;
        }

        try
        {
            return Parse(text, type);
        }
        catch (FormatException e)
        {
            problems.Add(new() { File = file, Message = e.Message });
            return null;
        }
    }

    static T Parse<T>(string text, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(text, type) ?? throw new FormatException("A JSON object is needed here. Received: null.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new FormatException($"This is not one whole JSON object with everything it needs. {Shorten(e.Message)}", e);
        }
    }

    // The file and the line are named beside the message; what is left of its place is the path inside the object.
    static string Shorten(string message) => message.Split(" | LineNumber")[0].Replace(" Path: $", " At: $").Replace(" At: $.", " At: ");

    string? ReadText(string file)
    {
        string path = Path.Combine(folder, file);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using StreamReader reader = new(
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), Encoding.UTF8);
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(new() { File = file, Message = "It could not be read: " + e.Message });
            return null;
        }
    }

    Evaluation Check(Evaluation evaluation)
    {
        const string file = "evaluation.json";
        int classes = evaluation.Classes.Count;

        bool square = evaluation.Confusion.Count == classes
            && evaluation.Confusion.All(row => row is not null && row.Count == classes && row.All(count => count >= 0));
        if (!square)
        {
            problems.Add(new() { File = file, Message = $"The confusion matrix must have a row and a column for each of the {classes} classes, and no negative counts; it is left out." });
        }

        List<PredictedExample> Sound(IReadOnlyList<PredictedExample> examples, string name)
        {
            List<PredictedExample> sound = [.. examples.Where(example => IsSound(example, classes))];
            if (sound.Count < examples.Count)
            {
                problems.Add(new() { File = file, Message = $"{examples.Count - sound.Count} of the {name} have a class or a picture size that does not fit; they are left out." });
            }

            return sound;
        }

        CalibrationSummary Bins(CalibrationSummary summary)
        {
            if (summary.Bins.All(bin => bin is { Lower: >= 0, Upper: <= 1, Count: >= 0, Confidence: >= 0 and <= 1, Accuracy: >= 0 and <= 1 } && bin.Lower < bin.Upper))
            {
                return summary;
            }

            problems.Add(new() { File = file, Message = "Reliability bins must lie between 0 and 1; these do not and are left out." });
            return summary with { Bins = [] };
        }

        return evaluation with
        {
            Confusion = square ? evaluation.Confusion : [],
            Mistakes = Sound(evaluation.Mistakes, "mistakes"),
            Samples = Sound(evaluation.Samples, "samples"),
            Before = Bins(evaluation.Before),
            After = Bins(evaluation.After),
        };
    }

    static bool IsSound(PredictedExample? example, int classes) =>
        example is { Shape: [> 0 and <= 4096, > 0 and <= 4096, > 0 and <= 4096] shape }
        && example.Label >= 0 && example.Label < classes
        && example.Predicted >= 0 && example.Predicted < classes
        && example.Pixels.LongLength == (long)shape[0] * shape[1] * shape[2];

    // JSON may put null where a list or a dictionary promises text.
    static NotebookEntry Check(NotebookEntry entry) => entry with
    {
        Change = entry.Change.ToDictionary(change => change.Key, change => change.Value ?? "null"),
        Diagnoses = [.. entry.Diagnoses.Where(diagnosis => diagnosis is not null)],
    };

    StepFinding Check(StepFinding finding)
    {
        const string file = "steps.jsonl";
        List<NamedCurve> curves = [.. finding.Curves.Where(curve => curve is not null && curve.X.Count == curve.Y.Count)];
        if (curves.Count < finding.Curves.Count)
        {
            problems.Add(new() { File = file, Message = $"Curves of step {finding.Step} have more x than y, or fewer; they are left out." });
        }

        return finding with
        {
            Curves = curves,
            Layers = [.. finding.Layers.Where(layer => layer is not null)],
            Suggestions = [.. finding.Suggestions.Where(suggestion => suggestion is not null)],
        };
    }
}
