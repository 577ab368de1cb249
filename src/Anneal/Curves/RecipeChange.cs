using Anneal.Text;

namespace Anneal.Curves;

/// <summary>How a number of a recipe changes.</summary>
public enum ChangeKind
{
    /// <summary>The old number times the amount.</summary>
    Multiply,

    /// <summary>The old number plus the amount.</summary>
    Add,

    /// <summary>The amount instead of the old number.</summary>
    Set,
}

/// <summary>A change to one number of a recipe.</summary>
/// <param name="Key">Which number, as <c>--set</c> names it: <c>learning-rate</c>, <c>optimizer.weight-decay</c>, <c>duration</c>, ...; a schedule or a duration changes as a whole.</param>
/// <param name="Kind">How it changes.</param>
/// <param name="Amount">The factor, the addend or the new number.</param>
public sealed record RecipeChange(string Key, ChangeKind Kind, double Amount)
{
    /// <summary>The number after the change.</summary>
    public double Apply(double old) => Kind switch
    {
        ChangeKind.Multiply => old * Amount,
        ChangeKind.Add => old + Amount,
        _ => Amount,
    };

    /// <summary>The change in words, such as <c>learning-rate × 0.33</c>.</summary>
    public override string ToString() => Kind switch
    {
        ChangeKind.Multiply => $"{Key} × {NumberText.Format(Amount)}",
        ChangeKind.Add => $"{Key} + {NumberText.Format(Amount)}",
        _ => $"{Key} = {NumberText.Format(Amount)}",
    };
}
