namespace Anneal.Stopping;

/// <summary>Which way a metric is better. Always said, never guessed from a name.</summary>
public enum Direction
{
    /// <summary>Lower is better, as for a loss.</summary>
    Minimize,

    /// <summary>Higher is better, as for an accuracy.</summary>
    Maximize,
}

/// <summary>Comparing in a direction.</summary>
public static class Directions
{
    /// <summary>Whether a value is better than another by more than a margin; one that is not a number is never better, and anything else is better than it.</summary>
    /// <param name="direction">Which way is better.</param>
    /// <param name="value">The value to judge.</param>
    /// <param name="other">The value to beat.</param>
    /// <param name="margin">How much better it must be, 0 or more.</param>
    public static bool IsBetter(this Direction direction, double value, double other, double margin = 0) =>
        !double.IsNaN(value)
        && (double.IsNaN(other) || (direction == Direction.Minimize ? value < other - margin : value > other + margin));
}
