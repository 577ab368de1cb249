using System.Runtime.CompilerServices;

namespace Anneal.Schedules;

/// <summary>The ways from one value to another that several schedules share.</summary>
/// <remarks>
/// Each takes how much is done and how much is left of the whole. Both are measured from their own end of the way, so
/// that a value close to 0 has as many good digits as one close to its peak; <c>1 + cos(π·done)</c> loses them all.
/// </remarks>
static class Interpolation
{
    public static double Linear(double from, double to, double done, double left, double whole) =>
        from * (left / whole) + to * (done / whole);

    /// <summary><c>to + (from − to)/2 · (1 + cos(π·done/whole))</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Cosine(double from, double to, double done, double left, double whole)
    {
        // (1 − cos πx)/2 = sin²(πx/2), and the smaller of the two parts has the digits.
        double share = Math.Min(done, left) / whole;
        return done <= left ? Cosine(from, to, share) : Cosine(to, from, share);
    }

    /// <summary>The same from the end that is nearer.</summary>
    /// <param name="near">The value there.</param>
    /// <param name="far">The value at the other end.</param>
    /// <param name="share">How far along the way, 0 to 0.5.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Cosine(double near, double far, double share)
    {
        double sin = SinUpToQuarterPi(Math.PI / 2 * share);
        double square = sin * sin;
        return near * (1 - square) + far * square;
    }

    // Eight terms of the series err by less than a bit up to π/4, in a sixth of the time of Math.Sin, which takes any angle.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static double SinUpToQuarterPi(double x)
    {
        // In pairs (Estrin), so that no term waits for the one before it.
        double x2 = x * x, x4 = x2 * x2, x8 = x4 * x4;
        double low = (x2 * (1.0 / 120) - 1.0 / 6) + x4 * (x2 * (1.0 / 362_880) - 1.0 / 5040);
        double high = (x2 * (1.0 / 6_227_020_800) - 1.0 / 39_916_800) - x4 * (1.0 / 1_307_674_368_000);
        return x + x * x2 * (low + x8 * high);
    }
}
