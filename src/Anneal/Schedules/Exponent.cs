using System.Runtime.CompilerServices;

namespace Anneal.Schedules;

/// <summary>A power to raise shares of a whole to.</summary>
/// <remarks>
/// Small whole powers, which are the usual ones, are multiplied out: a fifth of the time of <see cref="Math.Pow"/>. For the
/// others, of shares of at most 1, the logarithm is three quarters of its time and errs by some bits in the last place.
/// </remarks>
readonly record struct Exponent
{
    const int LargestMultipliedOut = 8;

    // 0 where the power is not multiplied out.
    readonly int whole;
    readonly long all;
    readonly double inverse;

    /// <summary>A power of shares of so many steps.</summary>
    public Exponent(double value, long all)
    {
        Value = value;
        whole = value is >= 1 and <= LargestMultipliedOut && value == Math.Floor(value) ? (int)value : 0;
        (this.all, inverse) = (all, 1.0 / all);
    }

    public double Value { get; }

    /// <summary>(part/all)ᵖ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Raise(long part)
    {
        if (whole == 0)
        {
            return Math.Exp(Value * Math.Log(part * inverse));
        }

        double share = part / (double)all, power = share;
        for (int i = 1; i < whole; i++)
        {
            power *= share;
        }

        return power;
    }

    /// <summary>(part/all)ᵖ and what it lacks to 1; of a whole power that has all its digits also where the part is nearly all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (double Power, double Complement) Split(long part)
    {
        double power = Raise(part);
        return (power, whole == 0 ? 1 - power : Complement(part));
    }

    // 1 − xⁿ = (1 − x)(1 + x + … + xⁿ⁻¹)
    double Complement(long part)
    {
        double share = part / (double)all, sum = 1;
        for (int i = 1; i < whole; i++)
        {
            sum = sum * share + 1;
        }

        return (all - part) / (double)all * sum;
    }
}
