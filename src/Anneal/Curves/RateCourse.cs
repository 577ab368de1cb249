namespace Anneal.Curves;

// What the learning rate did, as far as the reading of other curves depends on it.
readonly record struct RateCourse
{
    // The usual cut is to a tenth; one to a fifth already stills the updates.
    const double AnnealedShare = 0.2;

    readonly IReadOnlyList<CurvePoint> rates;

    public RateCourse(IReadOnlyList<CurvePoint> rates)
    {
        this.rates = rates;
        Peak = rates.Count == 0 ? double.NaN : rates.Max(p => p.Value);
        AnnealedFrom = double.PositiveInfinity;
        for (int i = rates.Count - 1; i >= 0 && rates[i].Value <= AnnealedShare * Peak; i--)
        {
            AnnealedFrom = rates[i].Epochs;
        }
    }

    public bool IsKnown => rates.Count > 0;

    public double Peak { get; }

    // Whether it came down before the end. Then nearly all of the gain comes last: best at the end is how it should be.
    public bool Anneals => double.IsFinite(AnnealedFrom);

    // Where it came down for good; infinite where it never did.
    public double AnnealedFrom { get; }

    // The lowest rate from here on, as a share of the highest.
    public double LowestShareFrom(double epochs) =>
        rates.Where(p => p.Epochs >= epochs).Select(p => p.Value).DefaultIfEmpty(rates[^1].Value).Min() / Peak;
}
