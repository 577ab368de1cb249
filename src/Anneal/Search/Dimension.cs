namespace Anneal.Search;

/// <summary>One recipe value that a study varies, and what it may be.</summary>
/// <param name="Name">The recipe key, such as <c>learning-rate</c>.</param>
public abstract record Dimension(string Name)
{
    /// <summary>The value at a place of the dimension; uniform places give the dimension's own distribution.</summary>
    /// <param name="place">0 to below 1.</param>
    public abstract ParameterValue At(double place);

    /// <summary>Evenly spread values, both ends among them where there is more than one.</summary>
    /// <param name="points">How many at most; a dimension with fewer values gives them all.</param>
    public abstract IReadOnlyList<ParameterValue> Grid(int points);

    internal static void RequireRange(string name, double low, double high)
    {
        if (!(low < high && double.IsFinite(low) && double.IsFinite(high)))
        {
            throw new ArgumentException($"The range of '{name}' must go from a lower to a higher number. Received: {low} to {high}.");
        }
    }

    // 0 … 1 in even steps; a single point stands in the middle.
    internal static IEnumerable<double> Spread(int points) => points >= 1
        ? Enumerable.Range(0, points).Select(i => points == 1 ? 0.5 : (double)i / (points - 1))
        : throw new ArgumentException($"A grid needs at least 1 point a dimension. Received: {points}.");
}

/// <summary>A positive number whose logarithm is uniform: every tenfold step is as likely as every other.</summary>
public sealed record LogUniform : Dimension
{
    /// <summary>The range.</summary>
    /// <param name="name">The recipe key.</param>
    /// <param name="low">Lowest value, above 0.</param>
    /// <param name="high">Highest value, above <paramref name="low"/>.</param>
    public LogUniform(string name, double low, double high) : base(name)
    {
        RequireRange(name, low, high);
        if (low <= 0)
        {
            throw new ArgumentException($"A log-uniform range must lie above 0. Received: {low} to {high} for '{name}'.");
        }
        Low = low;
        High = high;
    }

    /// <summary>Lowest value.</summary>
    public double Low { get; }

    /// <summary>Highest value.</summary>
    public double High { get; }

    /// <inheritdoc/>
    public override ParameterValue At(double place) => new(Math.Clamp(Low * Math.Pow(High / Low, place), Low, High));

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterValue> Grid(int points) => [.. Spread(points).Select(At)];
}

/// <summary>A number anywhere in a range.</summary>
public sealed record Uniform : Dimension
{
    /// <summary>The range.</summary>
    /// <param name="name">The recipe key.</param>
    /// <param name="low">Lowest value.</param>
    /// <param name="high">Highest value, above <paramref name="low"/>.</param>
    public Uniform(string name, double low, double high) : base(name)
    {
        RequireRange(name, low, high);
        Low = low;
        High = high;
    }

    /// <summary>Lowest value.</summary>
    public double Low { get; }

    /// <summary>Highest value.</summary>
    public double High { get; }

    /// <inheritdoc/>
    public override ParameterValue At(double place) => new(Math.Clamp(Low + (High - Low) * place, Low, High));

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterValue> Grid(int points) => [.. Spread(points).Select(At)];
}

/// <summary>A whole number, all equally likely.</summary>
public sealed record IntegerRange : Dimension
{
    /// <summary>The range.</summary>
    /// <param name="name">The recipe key.</param>
    /// <param name="low">Lowest value.</param>
    /// <param name="high">Highest value, above <paramref name="low"/>.</param>
    public IntegerRange(string name, int low, int high) : base(name)
    {
        RequireRange(name, low, high);
        Low = low;
        High = high;
    }

    /// <summary>Lowest value.</summary>
    public int Low { get; }

    /// <summary>Highest value.</summary>
    public int High { get; }

    /// <inheritdoc/>
    public override ParameterValue At(double place) => new(Math.Min(High, Low + Math.Floor(((double)High - Low + 1) * place)));

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterValue> Grid(int points) =>
        [.. Spread(points).Select(place => new ParameterValue(Math.Round(Low + ((double)High - Low) * place))).Distinct()];
}

/// <summary>One of a list of words, all equally likely.</summary>
public sealed record Categorical : Dimension
{
    /// <summary>The list.</summary>
    /// <param name="name">The recipe key.</param>
    /// <param name="choices">What to choose from: at least one, none twice.</param>
    public Categorical(string name, params IReadOnlyList<string> choices) : base(name)
    {
        if (choices.Count == 0 || choices.Distinct().Count() != choices.Count)
        {
            throw new ArgumentException($"The choices of '{name}' must be at least one, and none twice. Received: {(choices.Count == 0 ? "none" : string.Join(", ", choices))}.");
        }
        Choices = choices;
    }

    /// <summary>What to choose from.</summary>
    public IReadOnlyList<string> Choices { get; }

    /// <inheritdoc/>
    public override ParameterValue At(double place) => new(Choices[Math.Min(Choices.Count - 1, (int)(Choices.Count * place))]);

    /// <summary>All choices, however many points are asked for: words have no even spread.</summary>
    /// <param name="points">Not used.</param>
    public override IReadOnlyList<ParameterValue> Grid(int points) => [.. Choices.Select(choice => new ParameterValue(choice))];
}
