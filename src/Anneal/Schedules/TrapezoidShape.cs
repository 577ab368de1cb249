namespace Anneal.Schedules;

/// <summary>How <see cref="Trapezoid"/> comes down.</summary>
public enum TrapezoidShape
{
    /// <summary><c>1 − done</c>.</summary>
    Linear,

    /// <summary><c>1 − √done</c>: fast at first, then slowly.</summary>
    SquareRoot,
}
