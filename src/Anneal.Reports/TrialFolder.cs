using Anneal.Events;

namespace Anneal.Reports;

/// <summary>What was found in one of a study's <c>trials</c> folders.</summary>
public sealed record TrialFolder
{
    /// <summary>The folder's name, such as <c>0012</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The trial's number; null where the folder's name is not a number.</summary>
    public int? Number => int.TryParse(Name, System.Globalization.NumberStyles.None, null, out int number) ? number : null;

    /// <summary>Whether it has a report of its own.</summary>
    public bool HasReport { get; init; }

    /// <summary>Its recipe as written; null where the file is missing.</summary>
    public string? Recipe { get; init; }

    /// <summary>Its events in order; empty where the file is missing.</summary>
    public IReadOnlyList<TrainingEvent> Events { get; init; } = [];
}
