namespace Anneal.Schedules;

/// <summary>The clock that <see cref="OneCycle"/> and its momentum twin share: four values at the borders of three phases.</summary>
/// <remarks>With two phases the third is empty. Borders lie between steps where up·steps is no whole number.</remarks>
internal sealed record OneCyclePhases
{
    private readonly double _start, _peak, _valley, _end;
    private readonly double _peakAt, _valleyAt, _endAt;

    public OneCyclePhases(double start, double peak, double valley, double end, long steps, double up, OneCycleShape shape, int phases)
    {
        Steps = Require.AtLeast(1, steps, "steps");
        Phases = phases is 2 or 3 ? phases : throw Require.Refuse("phases", "must be 2 or 3", phases);
        bool fits = up > 0 && (phases == 3 ? up <= 0.5 : up < 1);
        Up = fits ? up : throw Require.Refuse("up", phases == 3 ? "must be above 0 and at most 0.5 in three phases" : "must be above 0 and below 1", up);
        Shape = shape;
        (_start, _peak, _valley, _end) = (start, peak, valley, end);
        // A cycle of a few steps may have no room to rise: it then starts at its peak.
        _peakAt = Math.Max(0, up * steps - 1);
        _endAt = steps - 1;
        _valleyAt = phases == 3 ? Math.Max(_peakAt, 2 * up * steps - 2) : _endAt;
    }

    public long Steps { get; }

    public double Up { get; }

    public OneCycleShape Shape { get; }

    public int Phases { get; }

    public double At(long step)
    {
        if (step < _peakAt)
            return Between(_start, _peak, 0, step, _peakAt);
        if (step <= _peakAt)
            return _peak;
        if (step < _valleyAt)
            return Between(_peak, _valley, _peakAt, step, _valleyAt);
        return step < _endAt ? Between(_valley, _end, _valleyAt, step, _endAt) : _end;
    }

    private double Between(double from, double to, double begin, double step, double end)
    {
        double done = step - begin, left = end - step, whole = end - begin;
        return Shape == OneCycleShape.Cosine ? Interpolation.Cosine(from, to, done, left, whole) : Interpolation.Linear(from, to, done, left, whole);
    }
}
