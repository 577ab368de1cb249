using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Anneal.Search;
using Anneal.Torch.Serialization;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tuning;

/// <summary>A study on disk: what each step found, the notebook, the trials, and how much of the budget is spent.</summary>
/// <remarks>Findings and entries are appended whole and synced; a study that was killed goes on after the last of them.</remarks>
public sealed class StudyFolder : IDisposable
{
    readonly DurableLog stepLog;
    readonly DurableLog notebookLog;
    readonly List<StepFinding> steps;
    readonly List<NotebookEntry> notebook;

    StudyFolder(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(Path);
        (stepLog, steps) = Open(In("steps.jsonl"), StepLines.ReadAll, StepLines.Write);
        (notebookLog, notebook) = Open(In("notebook.jsonl"), NotebookLines.ReadAll, NotebookLines.Write);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>What the steps found so far, in order.</summary>
    public IReadOnlyList<StepFinding> Steps => steps;

    /// <summary>The notebook so far, in order.</summary>
    public IReadOnlyList<NotebookEntry> Notebook => notebook;

    /// <summary>Opens a study's folder, new or to be continued.</summary>
    /// <exception cref="InvalidFileException">What it holds is damaged.</exception>
    public static StudyFolder Open(string path) => new(path);

    /// <summary>What was saved of the study's course; null in a new one.</summary>
    public StudyState? ReadState()
    {
        if (!File.Exists(In("study.json")))
        {
            return null;
        }
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(In("study.json")), StudyJson.Default.StudyState);
        }
        catch (JsonException e)
        {
            throw new InvalidFileException(In("study.json"), $"A study's state must be JSON. {e.Message}", e);
        }
    }

    /// <summary>Saves the study's course, durably.</summary>
    public void Write(StudyState state) => DurableFile.Write(
        In("study.json"), stream => stream.Write(JsonSerializer.SerializeToUtf8Bytes(state, StudyJson.Default.StudyState)));

    /// <summary>Adds a finding, durably.</summary>
    public void Add(StepFinding finding)
    {
        stepLog.Append(StepLines.Write(finding));
        stepLog.Sync();
        steps.Add(finding);
    }

    /// <summary>Adds an entry to the notebook, durably.</summary>
    public void Add(NotebookEntry entry)
    {
        notebookLog.Append(NotebookLines.Write(entry));
        notebookLog.Sync();
        notebook.Add(entry);
    }

    /// <summary>An empty folder for a trial; what an interrupted try left there is deleted.</summary>
    public string TrialFolder(int trial)
    {
        string folder = In(Relative(trial));
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>Makes a finished trial's run the study's own, where there is no time to train one that goes further.</summary>
    public void Adopt(int trial)
    {
        foreach (string file in Directory.EnumerateFiles(In(Relative(trial)), "*", SearchOption.AllDirectories))
        {
            string target = In(System.IO.Path.GetRelativePath(In(Relative(trial)), file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    /// <summary>A trial's folder as the notebook names it.</summary>
    public static string Relative(int trial) => $"trials/{trial:D4}";

    /// <summary>The recipe that a trial followed.</summary>
    public Recipe RecipeOf(int trial) => RecipeText.Read(File.ReadAllText(System.IO.Path.Combine(In(Relative(trial)), "recipe.yaml")));

    /// <inheritdoc/>
    public void Dispose()
    {
        stepLog.Dispose();
        notebookLog.Dispose();
    }

    string In(string name) => System.IO.Path.Combine(Path, name);

    static (DurableLog Log, List<T> Lines) Open<T>(string file, Func<TextReader, IReadOnlyList<T>> read, Func<T, string> write)
    {
        if (!File.Exists(file))
        {
            return (DurableLog.Create(file), []);
        }
        List<T> lines;
        try
        {
            using StreamReader reader = new(file);
            lines = [.. read(reader)];
        }
        catch (FormatException e)
        {
            throw new InvalidFileException(file, e.Message, e);
        }
        // A line that a kill cut off is cut away before the next is appended.
        return (DurableLog.Continue(file, lines.Sum(line => Encoding.UTF8.GetByteCount(write(line)) + 1L)), lines);
    }
}

/// <summary>The course of a study, apart from findings and trials.</summary>
public sealed record StudyState
{
    /// <summary>Seconds spent so far, over all its sessions.</summary>
    public double Spent { get; init; }

    /// <summary>The recipe that the steps have come to so far, as YAML.</summary>
    public required string Recipe { get; init; }

    /// <summary>Training images per second of that recipe with the whole machine, as measured.</summary>
    public double ImagesPerSecond { get; init; }

    /// <summary>The learning rate that step 3 suggests; 0 before it.</summary>
    public double SuggestedRate { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(StudyState))]
sealed partial class StudyJson : JsonSerializerContext;
