namespace Anneal.Search;

/// <summary>What a trial uses for one dimension: a number, or one of a list of words.</summary>
public readonly record struct ParameterValue
{
    readonly string? text;

    /// <summary>A number.</summary>
    public ParameterValue(double number) => Number = number;

    /// <summary>A word.</summary>
    public ParameterValue(string text) => this.text = text;

    /// <summary>The number; NaN where it is a word.</summary>
    public double Number => text is null ? field : double.NaN;

    /// <summary>Whether it is a number.</summary>
    public bool IsNumber => text is null;

    /// <summary>The value as it is written in a recipe; numbers so that reading them gives the same bits.</summary>
    public override string ToString() => text ?? Number.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
