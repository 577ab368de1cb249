namespace Anneal.Reports.Charts;

/// <summary>Curves over one x axis, drawn in the reader's browser.</summary>
sealed record Chart
{
    public required string Title { get; init; }

    /// <summary>What x counts, such as <c>epochs</c>.</summary>
    public required string X { get; init; }

    /// <summary>What y measures; names the values in words for those who cannot see the drawing.</summary>
    public required string Y { get; init; }

    public bool LogX { get; init; }

    public bool LogY { get; init; }

    /// <summary>Whether y is a share, shown as a percentage.</summary>
    public bool Percent { get; init; }

    /// <summary>Curves are cut off above it; null where all is shown.</summary>
    public double? Ceiling { get; init; }

    /// <summary>Curves are cut off below it; null where all is shown.</summary>
    public double? Floor { get; init; }

    /// <summary>Where the x axis begins at the latest.</summary>
    public double? From { get; init; }

    /// <summary>Where the x axis ends at the earliest: charts side by side have one axis.</summary>
    public double? To { get; init; }

    /// <summary>Charts with the same name point at the same x together.</summary>
    public string? Together { get; init; }

    /// <summary>Whether its curves are noisy, so that a reader may want them smoothed.</summary>
    public bool Smoothable { get; init; }

    /// <summary>A chart that stands alone is taller than one of several.</summary>
    public bool Tall { get; init; }

    /// <summary>From back to front.</summary>
    public required IReadOnlyList<Series> Series { get; init; }

    /// <summary>Places on the x axis with a name.</summary>
    public IReadOnlyList<Mark> Marks { get; init; } = [];
}

/// <summary>One curve of a chart.</summary>
sealed record Series(string Name, Curve Curve, Tone Tone)
{
    /// <summary>Series of one group share an entry in the legend; by default each has its own.</summary>
    public string Group { get; init; } = Name;

    /// <summary>Updates in a pass over the training data, by which epochs and steps are told from each other; null where that is not known.</summary>
    public double? StepsPerEpoch { get; init; }

    /// <summary>What each point is called, where points have names of their own.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    public bool Dashed { get; init; }

    /// <summary>Points without a line between them.</summary>
    public bool Scattered { get; init; }

    /// <summary>A value holds until the next one.</summary>
    public bool Stepped { get; init; }
}

/// <summary>A named place on the x axis.</summary>
sealed record Mark(double X, string Label, bool Chosen);

/// <summary>A colour by its part in a chart; the style sheet decides what it looks like by day and by night.</summary>
enum Tone
{
    /// <summary>One of a crowd, or raw values behind smoothed ones.</summary>
    Quiet,
    First,
    Second,
    Third,
    Fourth,
    Fifth,
}
