namespace Anneal.Search;

/// <summary>Tries every combination of evenly spread values, the last dimension changing fastest.</summary>
public sealed class GridSampler : ISampler
{
    /// <summary>A grid.</summary>
    /// <param name="pointsPerDimension">Values of each dimension, at least 1; a list of words always gives all of its words.</param>
    public GridSampler(int pointsPerDimension) => PointsPerDimension = pointsPerDimension >= 1
        ? pointsPerDimension
        : throw new ArgumentException($"A grid needs at least 1 point a dimension. Received: {pointsPerDimension}.");

    /// <summary>Values of each dimension.</summary>
    public int PointsPerDimension { get; }

    /// <summary>Trials in the whole grid.</summary>
    public long Count(SearchSpace space) => space.Dimensions.Aggregate(1L, (count, d) => checked(count * d.Grid(PointsPerDimension).Count));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The grid has fewer trials.</exception>
    public IReadOnlyDictionary<string, ParameterValue> Draw(SearchSpace space, ulong seed, int trialNumber, IReadOnlyList<TrialSnapshot> history)
    {
        long count = Count(space);
        if (trialNumber < 1 || trialNumber > count)
        {
            throw new ArgumentException($"The grid has trials 1 to {count}. Received: {trialNumber}.");
        }
        long place = trialNumber - 1;
        Dictionary<string, ParameterValue> values = [];
        foreach (Dimension dimension in space.Dimensions.Reverse())
        {
            IReadOnlyList<ParameterValue> grid = dimension.Grid(PointsPerDimension);
            values[dimension.Name] = grid[(int)(place % grid.Count)];
            place /= grid.Count;
        }
        return space.Dimensions.ToDictionary(d => d.Name, d => values[d.Name]);
    }
}
