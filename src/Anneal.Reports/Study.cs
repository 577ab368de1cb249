using Anneal.Search;

namespace Anneal.Reports;

/// <summary>A study's trials beside their lines in the notebook.</summary>
sealed class Study
{
    public Study(RunFolder run)
    {
        Entries = run.Notebook;
        Trials =
        [
            .. run.Trials.Select(trial => new Trial(
                trial,
                run.Notebook.LastOrDefault(entry => IsFolderOf(entry, trial)),
                new RunHistory(trial.Events))),
        ];
        Best = Trials.Where(trial => trial.Accuracy is not null).MaxBy(trial => trial.Accuracy);
        BestEntry = Entries.Where(entry => entry is { ValidationAccuracy: { } accuracy, Outcome: "completed" or "stopped-early" } && double.IsFinite(accuracy)).MaxBy(entry => entry.ValidationAccuracy);
    }

    public IReadOnlyList<NotebookEntry> Entries { get; }

    public IReadOnlyList<Trial> Trials { get; }

    /// <summary>The trial with the highest validation accuracy.</summary>
    public Trial? Best { get; }

    public NotebookEntry? BestEntry { get; }

    public Trial? TrialOf(NotebookEntry entry) => Trials.FirstOrDefault(trial => IsFolderOf(entry, trial.Folder));

    // A notebook is a file like any other: what it says of folders is compared, never opened or linked.
    static bool IsFolderOf(NotebookEntry entry, TrialFolder trial) =>
        entry.Folder.Replace('\\', '/').TrimEnd('/') == "trials/" + trial.Name;

    public sealed record Trial(TrialFolder Folder, NotebookEntry? Entry, RunHistory History)
    {
        public string Label => Folder.Number is { } number ? $"trial {number}" : $"trial {Folder.Name}";

        public double? Accuracy { get; } = Entry?.ValidationAccuracy ?? (History.ValidationAccuracy.Count > 0 ? History.ValidationAccuracy.Y.Max() : null);
    }
}
