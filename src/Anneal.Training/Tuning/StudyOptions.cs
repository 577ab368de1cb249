namespace Anneal.Training.Tuning;

/// <summary>What a study may use.</summary>
public sealed record StudyOptions
{
    /// <summary>The data set: a known name or a folder.</summary>
    public required string Data { get; init; }

    /// <summary>Wall-clock time for everything, from the first step to the report; at least a minute.</summary>
    public required TimeSpan Budget
    {
        get;
        init => field = value >= TimeSpan.FromMinutes(1)
            ? value
            : throw new ArgumentException($"A study's budget must be at least 1m. Received: {value.TotalSeconds:0} s.");
    }

    /// <summary>What all draws derive from.</summary>
    public ulong Seed { get; init; }

    /// <summary>The command line, for the report; a study that goes on keeps the one that began it. Empty where there is none.</summary>
    public string Command { get; init; } = "";

    /// <summary>The recipe to start from; null to choose one that the budget can train.</summary>
    public Recipes.Recipe? Start { get; init; }

    /// <summary>The names of techniques and schedules that its recipes may have.</summary>
    public Recipes.Catalog Catalog { get; init => field = Given.Value(value); } = Recipes.RecipeText.Standard;
}
