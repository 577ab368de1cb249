using System.Text;
using System.Text.Json;
using Anneal.Events;
using Anneal.Runs;
using Anneal.Torch;
using Anneal.Torch.Serialization;
using Anneal.Training.Checkpoints;
using Anneal.Training.Recipes;

namespace Anneal.Training.Runs;

/// <summary>A run on disk: its recipe, where it ran, its events, its checkpoints and its weights.</summary>
/// <remarks>
/// An event is on disk before the next step is made; a checkpoint is durable before its event says so. After a kill,
/// <see cref="Continue"/> cuts the log to what the checkpoint knew of, so that nothing is missing or twice. Its recipe is read and
/// written with the names of the catalog that it was opened with, those of this library unless given.
/// </remarks>
public sealed class RunFolder : ICheckpointStore, IDisposable
{
    readonly Catalog catalog;
    readonly bool isNamedAtBegin;
    DurableLog? log;
    FileStream? held;

    RunFolder(string path, Catalog? catalog, bool isNamedAtBegin = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        this.catalog = catalog ?? RecipeText.Standard;
        Path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        this.isNamedAtBegin = isNamedAtBegin;
    }

    /// <summary>The folder.</summary>
    public string Path { get; private set; }

    /// <summary>What to follow, fully resolved.</summary>
    public string RecipeFile => In("recipe.yaml");

    /// <summary>Versions, hardware and data.</summary>
    public string InformationFile => In("run.json");

    /// <summary>One line an event.</summary>
    public string EventsFile => In("events.jsonl");

    /// <summary>The trained weights.</summary>
    public string ModelFile => In("model.safetensors");

    /// <summary>Where checkpoints are.</summary>
    public string CheckpointsFolder => In("checkpoints");

    /// <summary>A run's folder that may not exist yet; nothing is read or written.</summary>
    public static RunFolder At(string path, Catalog? catalog = null) => new(path, catalog);

    /// <summary>A run's folder of its own: where the name is taken when the run begins, a number is added to it.</summary>
    /// <remarks>Runs that begin at the same moment get different folders, each claimed by making it.</remarks>
    public static RunFolder New(string path, Catalog? catalog = null) => new(path, catalog, isNamedAtBegin: true);

    /// <summary>Whether a process is working on the run at this moment.</summary>
    public bool IsHeld
    {
        get
        {
            if (held is not null || !File.Exists(In(".lock")))
            {
                return held is not null;
            }
            try
            {
                new FileStream(In(".lock"), FileMode.Open, FileAccess.Read, FileShare.Read).Dispose();
                return false;
            }
            catch (UnauthorizedAccessException)
            {
                // Whose lock may not be read may not be asked; nor may its run be made.
                return false;
            }
            catch (IOException)
            {
                return true;
            }
        }
    }

    /// <summary>Starts a run's folder.</summary>
    /// <exception cref="IOException">There is a run in it already, or it cannot be written.</exception>
    public static RunFolder Create(string path, Recipe recipe, RunInformation information, Catalog? catalog = null)
    {
        RunFolder folder = new(path, catalog);
        folder.Begin(recipe, information);
        return folder;
    }

    /// <summary>Starts a run here.</summary>
    /// <exception cref="IOException">There is a run already, or the folder cannot be written.</exception>
    public void Begin(Recipe recipe, RunInformation information)
    {
        RefuseIfUsed();
        try
        {
            if (isNamedAtBegin)
            {
                Path = NewFolder.Claim(Path);
            }
            Directory.CreateDirectory(CheckpointsFolder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"A run's folder must be one that can be made and written. Received: {Path}. {e.Message}", e);
        }
        Lock();
        // Another process may have begun, and even ended, a run here since.
        RefuseIfUsed();
        Write(recipe);
        Write(information);
        log = DurableLog.Create(EventsFile);
    }

    /// <summary>Sees to it that no run began here before.</summary>
    /// <exception cref="IOException">One did.</exception>
    public void RefuseIfUsed()
    {
        if (!isNamedAtBegin && File.Exists(EventsFile))
        {
            throw new IOException($"A run must start in a folder of its own. Received: {Path}, which has a run; resume it or name another folder.");
        }
    }

    /// <summary>Opens a run's folder to look at it.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no run.</exception>
    public static RunFolder Open(string path, Catalog? catalog = null)
    {
        RunFolder folder = new(path, catalog);
        if (File.Exists(folder.RecipeFile))
        {
            return folder;
        }
        if (Directory.Exists(folder.Path))
        {
            // Where nothing can be seen, nothing can be said to be missing.
            _ = Directory.EnumerateFileSystemEntries(folder.Path).Any();
        }
        throw new DirectoryNotFoundException(
            File.Exists(folder.Path) ? $"A run is a folder. Received: {path}, which is a file."
            : Directory.Exists(folder.Path) ? $"A run's folder must have a recipe.yaml. Received: {path}, which has none."
            : $"A run is a folder. There is no folder '{path}'.");
    }

    /// <summary>The recipe that the run follows.</summary>
    /// <exception cref="RecipeException">The file is not a recipe.</exception>
    public Recipe ReadRecipe() => RecipeText.Read(File.ReadAllText(RecipeFile), catalog: catalog);

    /// <summary>Where, with what and on what the run was made; null where that was not written.</summary>
    public RunInformation? ReadInformation() => File.Exists(InformationFile)
        ? JsonSerializer.Deserialize(File.ReadAllText(InformationFile), RunJson.Default.RunInformation)
        : null;

    /// <summary>All events so far.</summary>
    public IReadOnlyList<TrainingEvent> ReadEvents()
    {
        if (!File.Exists(EventsFile))
        {
            return [];
        }
        using StreamReader reader = new(EventsFile);
        try
        {
            return EventLines.ReadAll(reader);
        }
        catch (FormatException e)
        {
            throw new InvalidFileException(EventsFile, e.Message, e);
        }
    }

    /// <summary>Events that <see cref="Continue"/> cuts off, as far as they are whole: those of steps that are made again.</summary>
    /// <param name="count">How many events come before them.</param>
    public IReadOnlyList<TrainingEvent> ReadEventsAfter(long count)
    {
        List<TrainingEvent> after = [];
        if (File.Exists(EventsFile))
        {
            try
            {
                after.AddRange(File.ReadLines(EventsFile).Skip((int)Math.Min(count, int.MaxValue)).Select(EventLines.Read));
            }
            catch (FormatException)
            {
                // What follows a damaged line is not known.
            }
        }
        return after;
    }

    /// <summary>Checkpoint files, the newest first.</summary>
    public IReadOnlyList<string> Checkpoints() => Directory.Exists(CheckpointsFolder)
        ? [.. Directory.EnumerateFiles(CheckpointsFolder, "step-*.safetensors").Select(file => System.IO.Path.GetFileName(file)).OrderByDescending(file => file.Length).ThenByDescending(file => file, StringComparer.Ordinal)]
        : [];

    /// <summary>Reads one checkpoint; the caller disposes its tensors.</summary>
    /// <exception cref="InvalidFileException">The file is damaged.</exception>
    public Checkpoint Read(string file) => CheckpointFile.Read(System.IO.Path.Combine(CheckpointsFolder, file));

    /// <summary>The last checkpoint that was kept for being the best; null where there is none.</summary>
    public CheckpointSaved? Best() => ReadEvents().OfType<CheckpointSaved>().LastOrDefault(saved => saved is { Reason: "best", Error: null }) is { } best
        // A file's name in a log is no path until it is found in the folder.
        && Checkpoints().Contains(best.File) ? best : null;

    /// <summary>Finds the newest valid checkpoint, and changes nothing but the names of damaged ones, which are set aside.</summary>
    /// <param name="damaged">Told of each checkpoint that was set aside, in words.</param>
    /// <returns>What to go on from; null where there is no valid checkpoint and the run starts anew.</returns>
    /// <exception cref="IOException">Another process works on the run.</exception>
    /// <exception cref="InvalidFileException">The log does not reach to the checkpoint.</exception>
    public SavedState? Newest(Action<string> damaged)
    {
        Lock();
        IReadOnlyList<string> files = Checkpoints();
        for (int i = 0; i < files.Count; i++)
        {
            string file = files[i];
            Checkpoint checkpoint;
            try
            {
                checkpoint = Read(file);
            }
            catch (InvalidFileException e)
            {
                string aside = System.IO.Path.Combine(CheckpointsFolder, "damaged-" + file);
                File.Move(System.IO.Path.Combine(CheckpointsFolder, file), aside, overwrite: true);
                damaged($"{e.Message} Set aside as {aside}. {(i + 1 < files.Count ? $"The one before it is next: {files[i + 1]}." : "There is none before it: the run begins anew.")}");
                continue;
            }
            try
            {
                (long length, List<TrainingEvent> past) = FirstEvents(checkpoint.Progress.Events);
                return new SavedState { File = file, Checkpoint = checkpoint, Past = past, LogLength = length };
            }
            catch
            {
                checkpoint.Dispose();
                throw;
            }
        }
        return null;
    }

    /// <summary>Cuts the log to what a checkpoint knew of, and goes on from there.</summary>
    /// <param name="from">From <see cref="Newest"/>; null to start anew.</param>
    public void Continue(SavedState? from)
    {
        Lock();
        Directory.CreateDirectory(CheckpointsFolder);
        log = File.Exists(EventsFile) ? DurableLog.Continue(EventsFile, from?.LogLength ?? 0) : DurableLog.Create(EventsFile);
    }

    /// <summary>Writes each event to the log before it hands it on. Lines that cannot be written are kept and tried again with the next.</summary>
    /// <param name="events">A run's events.</param>
    /// <param name="trouble">Told, in words, when the log cannot be written.</param>
    public IEnumerable<TrainingEvent> Record(IEnumerable<TrainingEvent> events, Action<string> trouble)
    {
        DurableLog open = log ?? throw new InvalidOperationException("Only a run that was created or continued can be recorded.");
        foreach (TrainingEvent happened in events)
        {
            open.Append(EventLines.Write(happened));
            Try(open.Flush, trouble);
            yield return happened;
        }
        Try(open.Sync, trouble);
    }

    static void Try(Action write, Action<string> trouble)
    {
        try
        {
            write();
        }
        catch (IOException e)
        {
            trouble(e.Message);
        }
    }

    /// <inheritdoc/>
    public void Save(string file, Checkpoint checkpoint)
    {
        // A checkpoint promises that the events before it are there.
        log?.Sync();
        CheckpointFile.Write(System.IO.Path.Combine(CheckpointsFolder, file), checkpoint);
    }

    /// <inheritdoc/>
    public void Delete(string file) => File.Delete(System.IO.Path.Combine(CheckpointsFolder, file));

    /// <summary>Writes the trained weights, durably.</summary>
    public void WriteModel(IReadOnlyList<KeyValuePair<string, Tensor>> state, IReadOnlyDictionary<string, string> metadata) =>
        TensorFile.Save(ModelFile, state, metadata);

    /// <summary>Writes what the run follows.</summary>
    public void Write(Recipe recipe) => WriteText(RecipeFile, RecipeText.Write(recipe, catalog));

    /// <summary>Keeps what the run followed up to a step, where it goes on from there with another recipe.</summary>
    /// <param name="next">The recipe to go on with.</param>
    /// <param name="step">Updates made so far; 0 where the run begins anew.</param>
    /// <returns>The file that keeps it; null where the recipe stays the same.</returns>
    public string? Change(Recipe next, long step)
    {
        // What was kept for later steps led to nothing that is left; the first of it is what was followed up to here.
        string[] undone =
        [
            .. Directory.EnumerateFiles(Path, EarlierRecipe.Pattern).Select(file => System.IO.Path.GetFileName(file))
                .Where(file => EarlierRecipe.StepOf(file) >= step).OrderBy(EarlierRecipe.StepOf),
        ];
        string followed = File.ReadAllText(undone.Length > 0 ? In(undone[0]) : RecipeFile);
        string kept = EarlierRecipe.FileOf(step);
        bool changes = step > 0 && RecipeText.Write(RecipeText.Read(followed, catalog: catalog), catalog) != RecipeText.Write(next, catalog);
        if (changes)
        {
            WriteText(In(kept), followed);
        }
        foreach (string file in undone.Where(file => !changes || file != kept))
        {
            File.Delete(In(file));
        }
        return changes ? kept : null;
    }

    /// <summary>Writes where the run is made.</summary>
    public void Write(RunInformation information) =>
        WriteText(InformationFile, JsonSerializer.Serialize(information, RunJson.Default.RunInformation));

    /// <summary>Writes a text file of the run, durably.</summary>
    /// <param name="name">A file name, without a folder.</param>
    /// <param name="text">Its content.</param>
    public void WriteText(string name, Func<string> text) => WriteText(In(name), text());

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            log?.Dispose();
        }
        finally
        {
            held?.Dispose();
        }
    }

    // Two processes that write one run would ruin it. The system lets go of the lock when the process ends, however it does.
    void Lock()
    {
        try
        {
            held ??= new FileStream(In(".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"A run's folder must be one that can be written. Received: {Path}. {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new IOException($"One process at a time can work on a run. Received: {Path}, which cannot be locked: {e.Message}", e);
        }
    }

    string In(string name) => System.IO.Path.Combine(Path, name);

    static void WriteText(string path, string text) => DurableFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    (long Length, List<TrainingEvent> Past) FirstEvents(long count)
    {
        List<TrainingEvent> past = [];
        long length = 0;
        if (File.Exists(EventsFile))
        {
            using StreamReader reader = new(EventsFile);
            while (past.Count < count && reader.ReadLine() is { } line)
            {
                try
                {
                    past.Add(EventLines.Read(line));
                }
                catch (FormatException e)
                {
                    throw new InvalidFileException(EventsFile, $"The log must be whole up to the checkpoint. Line {past.Count + 1} is damaged: {e.Message}", e);
                }
                length += Encoding.UTF8.GetByteCount(line) + 1;
            }
        }
        return past.Count == count
            ? (length, past)
            : throw new InvalidFileException(EventsFile, $"The log must hold the {count} events that the checkpoint follows. Received: {past.Count}.");
    }
}
