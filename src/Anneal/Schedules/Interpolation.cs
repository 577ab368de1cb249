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
    public static double Cosine(double from, double to, double done, double left, double whole)
    {
        // (1 − cos πx)/2 = sin²(πx/2), and the smaller of the two parts has the digits.
        double sin = Math.Sin(Math.PI / 2 * (Math.Min(done, left) / whole));
        double square = sin * sin;
        return done <= left ? from * (1 - square) + to * square : from * square + to * (1 - square);
    }
}
