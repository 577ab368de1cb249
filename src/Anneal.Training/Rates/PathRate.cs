namespace Anneal.Training.Rates;

/// <summary>Another rate for a part of the model, by its name.</summary>
public sealed record PathRate : IRateFactor
{
    const int LongestPath = 200;

    /// <summary>The path of a part or a parameter, such as <c>layer1</c> or <c>head.weight</c>: all that begins with these names. 1 to 200 characters.</summary>
    public required string Path
    {
        get;
        init => field = Given.Value(value).Length is >= 1 and <= LongestPath ? value : throw new ArgumentException($"A path must have 1 to {LongestPath} characters. Received: {value.Length}.");
    }

    /// <summary>The rate is multiplied by it, at least 0; 0 keeps the part as it is, its running statistics too.</summary>
    public required double Factor
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentException($"The factor of a path must be at least 0. Received: {value}.");
    }

    /// <inheritdoc/>
    public double? Of(ParameterPlace place) =>
        place.Path == Path || place.Path.StartsWith(Path + ".", StringComparison.Ordinal) ? Factor : null;
}
