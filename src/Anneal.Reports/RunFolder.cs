using Anneal.Events;
using Anneal.Metrics;
using Anneal.Runs;
using Anneal.Search;

namespace Anneal.Reports;

/// <summary>What was found in a run's or a study's folder. Every part may be missing: a run that is going on has written little.</summary>
public sealed record RunFolder
{
    /// <summary>The folder's name, without the path to it.</summary>
    public required string Name { get; init; }

    /// <summary>The name of the study's folder whose trial this is; null where it is a run or a study of its own.</summary>
    public string? Study { get; init; }

    /// <summary>Whether that study has a report that a link can lead back to.</summary>
    public bool StudyHasReport { get; init; }

    /// <summary><c>run.json</c>; null where it is missing.</summary>
    public RunInformation? Information { get; init; }

    /// <summary><c>recipe.yaml</c> as written; null where it is missing.</summary>
    public string? Recipe { get; init; }

    /// <summary>What the run followed before its recipe was changed in the middle, by the step up to which it did, the earliest first.</summary>
    public IReadOnlyList<KeyValuePair<long, string>> EarlierRecipes { get; init; } = [];

    /// <summary><c>events.jsonl</c>; in a study, those of the final training.</summary>
    public IReadOnlyList<TrainingEvent> Events { get; init; } = [];

    /// <summary><c>evaluation.json</c>; null before the run has ended.</summary>
    public Evaluation? Evaluation { get; init; }

    /// <summary><c>steps.jsonl</c> of a study, in the order they were made.</summary>
    public IReadOnlyList<StepFinding> Steps { get; init; } = [];

    /// <summary><c>notebook.jsonl</c> of a study.</summary>
    public IReadOnlyList<NotebookEntry> Notebook { get; init; } = [];

    /// <summary>The command line that began a study, from <c>study.json</c>; null where it is not known.</summary>
    public string? StudyCommand { get; init; }

    /// <summary>The folders in <c>trials</c> of a study, by name.</summary>
    public IReadOnlyList<TrialFolder> Trials { get; init; } = [];

    /// <summary>What was there but could not be read.</summary>
    public IReadOnlyList<ReadingProblem> Problems { get; init; } = [];

    /// <summary>Whether the folder holds anything of a study.</summary>
    public bool IsStudy => Steps.Count + Notebook.Count + Trials.Count > 0;

    /// <summary>Reads what is there, a run that is still writing included.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static RunFolder Read(string folder) => new RunFolderReader(folder).Read();
}
