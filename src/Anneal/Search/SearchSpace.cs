namespace Anneal.Search;

/// <summary>All recipes that a study may try: the dimensions it varies.</summary>
public sealed record SearchSpace
{
    /// <summary>The space of some dimensions.</summary>
    /// <param name="dimensions">At least one; no name twice.</param>
    public SearchSpace(params IReadOnlyList<Dimension> dimensions)
    {
        if (dimensions.Count == 0)
        {
            throw new ArgumentException("A search space needs at least one dimension. Received: none.");
        }
        if (dimensions.GroupBy(d => d.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"A recipe value can be one dimension only. Received: '{twice.Key}' {twice.Count()} times.");
        }
        Dimensions = dimensions;
    }

    /// <summary>The dimensions, in the order they were given.</summary>
    public IReadOnlyList<Dimension> Dimensions { get; }
}
