namespace Anneal.Schedules;

/// <summary>What <see cref="Plateau"/> remembers between two measurements; part of a checkpoint.</summary>
public sealed record PlateauState
{
    /// <summary>The value in use; at least 0.</summary>
    public required double Value { get; init => field = Require.NotNegative(value, "value"); }

    /// <summary>The best measurement so far; null before the first.</summary>
    public double? Best { get; init; }

    /// <summary>Measurements in a row that were not better than it; at least 0.</summary>
    public int WithoutImprovement { get; init => field = (int)Require.AtLeast(0, value, "without-improvement"); }

    /// <summary>Measurements still to come in which nothing is counted; at least 0.</summary>
    public int CooldownLeft { get; init => field = (int)Require.AtLeast(0, value, "cooldown-left"); }
}
