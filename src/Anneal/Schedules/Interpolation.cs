namespace Anneal.Schedules;

/// <summary>The ways from one value to another that several schedules share.</summary>
/// <remarks>
/// Each takes the share done and the share left. Both are measured from their own end of the way, so that a value
/// close to 0 has as many good digits as one close to its peak; <c>1 + cos(π·done)</c> loses them all.
/// </remarks>
internal static class Interpolation
{
    public static double Linear(double from, double to, double done, double left) => from * left + to * done;

    /// <summary><c>to + (from − to)/2 · (1 + cos(π·done))</c>.</summary>
    public static double Cosine(double from, double to, double done, double left)
    {
        // (1 − cos πx)/2 = sin²(πx/2), and the smaller of the two shares has the digits.
        double sin = Math.Sin(Math.PI / 2 * Math.Min(done, left));
        double square = sin * sin;
        return done <= left ? from * (1 - square) + to * square : from * square + to * (1 - square);
    }
}
