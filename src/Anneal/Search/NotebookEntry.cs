namespace Anneal.Search;

/// <summary>One line of the lab notebook: what a trial was for, what changed, what came out, what follows.</summary>
/// <remarks>The notebook (<c>notebook.jsonl</c>) is append-only: an entry is written once, when its trial has ended.</remarks>
public sealed record NotebookEntry
{
    /// <summary>The trial's number, counted from 1 in the order the trials were drawn.</summary>
    public required int Trial { get; init; }

    /// <summary>The trial this one changes; null for a draw of its own.</summary>
    public int? Parent { get; init; }

    /// <summary>The step of the seven that asked for it: 2 to 7, or 8 for the final training.</summary>
    public required int Step { get; init; }

    /// <summary>What was expected, in one sentence.</summary>
    public required string Hypothesis { get; init; }

    /// <summary>Recipe values that differ from the parent's, or were drawn: recipe key → value as text.</summary>
    public required IReadOnlyDictionary<string, string> Change { get; init; }

    /// <summary>How it ended: <c>completed</c>, <c>stopped-early</c>, <c>diverged</c> or <c>failed</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Validation accuracy at its end, 0 to 1; of a trial that did not train to its end, the best measured. Null when none was.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>Validation loss of the same measurement, in nats; null when none was measured.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>Passes over the training data made.</summary>
    public required double Epochs { get; init; }

    /// <summary>Wall-clock seconds it took.</summary>
    public required double Seconds { get; init; }

    /// <summary>What the doctor saw in its curves, by name, such as <c>overfit</c>; empty where it was not asked.</summary>
    public IReadOnlyList<string> Diagnoses { get; init; } = [];

    /// <summary>What follows from the result, in one sentence with the numbers behind it.</summary>
    public required string Conclusion { get; init; }

    /// <summary>The trial's run folder, relative to the study's folder, such as <c>trials/0012</c>.</summary>
    public required string Folder { get; init; }
}
