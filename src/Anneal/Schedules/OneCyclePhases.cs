namespace Anneal.Schedules;

/// <summary>The clock that <see cref="OneCycle"/> and its momentum twin share: four values at the borders of three phases.</summary>
/// <remarks>With two phases the third is empty. Borders lie between steps where up·steps is no whole number.</remarks>
sealed record OneCyclePhases
{
    readonly double start, peak, valley, end;
    readonly double peakAt, valleyAt, endAt;

    public OneCyclePhases(double start, double peak, double valley, double end, long steps, double up, OneCycleShape shape, int phases)
    {
        Steps = Require.AtLeast(1, steps, "steps");
        Phases = phases is 2 or 3 ? phases : throw Require.Refuse("phases", "must be 2 or 3", phases);
        bool fits = up > 0 && (phases == 3 ? up <= 0.5 : up < 1);
        Up = fits ? up : throw Require.Refuse("up", phases == 3 ? "must be above 0 and at most 0.5 in three phases" : "must be above 0 and below 1", up);
        Shape = shape;
        (this.start, this.peak, this.valley, this.end) = (start, peak, valley, end);
        // A cycle of a few steps may have no room to rise: it then starts at its peak.
        peakAt = Math.Max(0, up * steps - 1);
        endAt = steps - 1;
        valleyAt = phases == 3 ? Math.Max(peakAt, 2 * up * steps - 2) : endAt;
    }

    public long Steps { get; }

    public double Up { get; }

    public OneCycleShape Shape { get; }

    public int Phases { get; }

    public double At(long step)
    {
        if (step < peakAt)
        {
            return Between(start, peak, 0, step, peakAt);
        }

        if (step <= peakAt)
        {
            return peak;
        }

        if (step < valleyAt)
        {
            return Between(peak, valley, peakAt, step, valleyAt);
        }

        return step < endAt ? Between(valley, end, valleyAt, step, endAt) : end;
    }

    double Between(double from, double to, double begin, double step, double end)
    {
        double done = step - begin, left = end - step, whole = end - begin;
        return Shape == OneCycleShape.Cosine ? Interpolation.Cosine(from, to, done, left, whole) : Interpolation.Linear(from, to, done, left, whole);
    }
}
