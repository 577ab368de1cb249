using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Anneal.Events;
using Anneal.Search;
using Anneal.Torch.Serialization;
using Anneal.Training.Recipes;
using Anneal.Training.Runs;

namespace Anneal.Training.Tuning;

/// <summary>A study on disk: what each step found, the notebook, the trials, and how much of the budget is spent.</summary>
/// <remarks>Findings and entries are appended whole and synced; a study that was killed goes on after the last of them.</remarks>
public sealed class StudyFolder : IDisposable
{
    const string LockFile = ".study-lock";

    readonly Catalog catalog;
    readonly FileStream held;
    readonly DurableLog stepLog;
    readonly DurableLog notebookLog;
    readonly List<StepFinding> steps;
    readonly List<NotebookEntry> notebook;

    StudyFolder(string path, Catalog? catalog)
    {
        ArgumentNullException.ThrowIfNull(path);
        this.catalog = catalog ?? RecipeText.Standard;
        Path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        RefuseIfUsed();
        try
        {
            Directory.CreateDirectory(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"A study's folder must be one that can be made and written. Received: {Path}. {e.Message}", e);
        }
        held = Lock(In(LockFile));
        (stepLog, steps) = Open(In("steps.jsonl"), StepLines.ReadAll);
        (notebookLog, notebook) = Open(In("notebook.jsonl"), NotebookLines.ReadAll);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>What the steps found so far, in order.</summary>
    public IReadOnlyList<StepFinding> Steps => steps;

    /// <summary>The notebook so far, in order.</summary>
    public IReadOnlyList<NotebookEntry> Notebook => notebook;

    /// <summary>The command line that began the study in a folder; null where that is not known.</summary>
    public static string? CommandOf(string path)
    {
        try
        {
            string file = System.IO.Path.Combine(path, "study.json");
            return File.Exists(file) && JsonSerializer.Deserialize(File.ReadAllText(file), StudyJson.Default.StudyState) is { Command.Length: > 0 } state
                ? state.Command
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether a study was begun in a folder.</summary>
    public static bool IsAt(string path) => File.Exists(System.IO.Path.Combine(path, "steps.jsonl"));

    /// <summary>Opens a study's folder, new or to be continued.</summary>
    /// <exception cref="InvalidFileException">What it holds is damaged.</exception>
    /// <exception cref="IOException">Another process works on it, or there is something else in the folder.</exception>
    public static StudyFolder Open(string path, Catalog? catalog = null) => new(path, catalog);

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
        if (notebook.Any(entry => entry.Trial == trial))
        {
            throw new InvalidOperationException($"A trial in the notebook must keep its folder. Received: trial {trial} once more.");
        }
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
        // The log is what makes a folder a run's, and comes last.
        string[] files = Directory.GetFiles(In(Relative(trial)), "*", SearchOption.AllDirectories);
        foreach (string file in files.Where(file => System.IO.Path.GetFileName(file) != ".lock").OrderBy(file => System.IO.Path.GetFileName(file) == "events.jsonl"))
        {
            string target = In(System.IO.Path.GetRelativePath(In(Relative(trial)), file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    /// <summary>Makes the study's own run a trial's, where another is the result. A kill in the middle leaves no run that could be taken for finished.</summary>
    public void SetAside(int trial)
    {
        string folder = TrialFolder(trial);
        string[] own = ["steps.jsonl", "notebook.jsonl", "study.json", "trials", "report.html", LockFile];
        // The log is what makes a folder a run's, and goes first.
        foreach (string entry in Directory.GetFileSystemEntries(Path).Where(entry => !own.Contains(System.IO.Path.GetFileName(entry)))
            .OrderByDescending(entry => System.IO.Path.GetFileName(entry) == "events.jsonl"))
        {
            Directory.Move(entry, System.IO.Path.Combine(folder, System.IO.Path.GetFileName(entry)));
        }
    }

    /// <summary>A trial's folder as the notebook names it.</summary>
    public static string Relative(int trial) => $"trials/{trial:D4}";

    /// <summary>The recipe that a trial followed.</summary>
    public Recipe RecipeOf(int trial) => RecipeText.Read(File.ReadAllText(System.IO.Path.Combine(In(Relative(trial)), "recipe.yaml")), catalog: catalog);

    /// <summary>What happened in a trial; nothing where its log is missing.</summary>
    public IReadOnlyList<TrainingEvent> EventsOf(int trial) => File.Exists(System.IO.Path.Combine(In(Relative(trial)), "recipe.yaml"))
        ? RunFolder.Open(In(Relative(trial))).ReadEvents()
        : [];

    /// <inheritdoc/>
    public void Dispose()
    {
        stepLog.Dispose();
        notebookLog.Dispose();
        held.Dispose();
    }

    // A study writes recipes, runs and reports under names of its own, and would take what is there for its own.
    void RefuseIfUsed()
    {
        if (IsAt(Path) || !Directory.Exists(Path))
        {
            return;
        }
        string[] others = [.. Directory.EnumerateFileSystemEntries(Path).Select(entry => System.IO.Path.GetFileName(entry)).Where(name => name != LockFile).Order(StringComparer.Ordinal)];
        if (others.Length > 0)
        {
            string held = string.Join(", ", others.Take(3)) + (others.Length > 3 ? $" and {others.Length - 3} more" : "");
            throw new IOException($"A study must have a folder of its own: a new one, an empty one, or one that a study was begun in. Received: {Path}, which holds {held}; name another folder.");
        }
    }

    string In(string name) => System.IO.Path.Combine(Path, name);

    static (DurableLog Log, List<T> Lines) Open<T>(string file, Func<TextReader, IReadOnlyList<T>> read)
    {
        if (!File.Exists(file))
        {
            return (DurableLog.Create(file), []);
        }
        // A line that a kill cut off is cut away before the next is appended.
        byte[] bytes = File.ReadAllBytes(file);
        int whole = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        try
        {
            using StringReader reader = new(Encoding.UTF8.GetString(bytes, 0, whole));
            return (DurableLog.Continue(file, whole), [.. read(reader)]);
        }
        catch (FormatException e)
        {
            throw new InvalidFileException(file, e.Message, e);
        }
    }

    // The system lets go of the lock when the process ends, however it does.
    static FileStream Lock(string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException($"One process at a time can work on a study. Received: {System.IO.Path.GetDirectoryName(file)}, which cannot be locked: {e.Message}", e);
        }
    }
}

/// <summary>The course of a study, apart from findings and trials.</summary>
public sealed record StudyState
{
    /// <summary>Seconds spent so far, over all its sessions.</summary>
    public double Spent { get; init; }

    /// <summary>The recipe that the steps have come to so far, as YAML.</summary>
    public required string Recipe { get; init; }

    /// <summary>The command line that began it; empty where it was begun by a program, or before this was kept.</summary>
    public string Command { get; init; } = "";

    /// <summary>The content of its data; empty where it was begun before this was kept.</summary>
    public string DataFingerprint { get; init; } = "";

    /// <summary>What its random draws derive from.</summary>
    public ulong Seed { get; init; }

    /// <summary>Training images per second of that recipe with the whole machine, as measured.</summary>
    public double ImagesPerSecond { get; init; }

    /// <summary>The learning rate that step 3 suggests; 0 before it.</summary>
    public double SuggestedRate { get; init; }

    /// <summary>What augmentations the search may draw from: <c>none</c>, <c>crop</c>, and <c>crop+flip</c> where mirrored pictures keep their class.</summary>
    public IReadOnlyList<string> Augmentations { get; init; } = [];

    /// <summary>The share of rightly named pictures that stay so when they are mirrored, for a network that has seen none; null before that is measured.</summary>
    public double? MirroredKept { get; init; }

    /// <summary>How the study ended, such as <c>completed</c> or <c>near-chance</c>; empty before it has.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>Why it ended so, and what to try; empty where there is nothing to say.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The trial whose run is the study's own, where there was no time to train for longer; 0 for none.</summary>
    public int Adopted { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(StudyState))]
sealed partial class StudyJson : JsonSerializerContext;
