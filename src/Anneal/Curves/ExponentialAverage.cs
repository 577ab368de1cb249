namespace Anneal.Curves;

/// <summary>A smoothed number: each new one counts 1 − factor, all older ones fade by the factor. A value: adding gives a new one.</summary>
/// <remarks>
/// The bias towards the zero it starts from is divided out (Kingma and Ba, "Adam", 2015, section 3), with power 1 at the
/// first number, so that after one number the average is that number.
/// </remarks>
/// <param name="Factor">What remains of the older numbers at each step, 0 to below 1.</param>
/// <param name="Biased">The average before the correction.</param>
/// <param name="Count">Numbers added.</param>
public readonly record struct ExponentialAverage(double Factor, double Biased = 0, long Count = 0)
{
    /// <summary>What remains of the older numbers at each step, 0 to below 1.</summary>
    public double Factor { get; init; } = Factor is >= 0 and < 1
        ? Factor
        : throw new ArgumentException($"A smoothing factor must be 0 to below 1. Received: {Factor}.");

    /// <summary>The corrected average; NaN before anything was added.</summary>
    public double Value => Biased / (1 - Math.Pow(Factor, Count));

    /// <summary>The average with one more number.</summary>
    public ExponentialAverage Add(double value) => this with { Biased = Factor * Biased + (1 - Factor) * value, Count = Count + 1 };

    /// <summary>Each number replaced by the average up to it.</summary>
    /// <param name="values">The numbers in order.</param>
    /// <param name="factor">What remains of the older numbers at each step, 0 to below 1.</param>
    public static double[] Smooth(ReadOnlySpan<double> values, double factor)
    {
        ExponentialAverage average = new(factor);
        double[] smoothed = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            average = average.Add(values[i]);
            smoothed[i] = average.Value;
        }
        return smoothed;
    }
}
