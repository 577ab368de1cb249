namespace Anneal.Metrics;

/// <summary>A weighted mean of numbers that arrive one by one. A value: adding gives a new one, and it can be stored and taken up again.</summary>
/// <remarks>
/// The sum carries the part that rounding would drop (Neumaier 1974), so the mean of a million small losses is as good as
/// that of ten. <c>default</c> is the mean of nothing.
/// </remarks>
/// <param name="Sum">The rounded sum of value × weight.</param>
/// <param name="Correction">What rounding took from <paramref name="Sum"/>.</param>
/// <param name="Weight">The sum of the weights.</param>
public readonly record struct RunningMean(double Sum, double Correction, double Weight)
{
    /// <summary>The mean so far; NaN before anything was added.</summary>
    public double Mean => (Sum + Correction) / Weight;

    /// <summary>The mean with one more number.</summary>
    /// <param name="value">The number; one that is not finite makes the mean so too.</param>
    /// <param name="weight">How much it counts, such as the examples of a batch; positive.</param>
    public RunningMean Add(double value, double weight = 1)
    {
        if (!(weight > 0))
        {
            throw new ArgumentException($"A weight must be positive. Received: {weight}.");
        }
        double term = value * weight;
        double sum = Sum + term;
        double lost = double.IsFinite(sum)
            ? Math.Abs(Sum) >= Math.Abs(term) ? Sum - sum + term : term - sum + Sum
            : 0;
        return new(sum, Correction + lost, Weight + weight);
    }
}
