using System.Runtime.CompilerServices;

namespace Anneal.Schedules;

/// <summary>The whole powers of a factor, the first of them from a table: most schedules need no others.</summary>
sealed record Powers
{
    const int TableLength = 256;

    readonly double[] table = new double[TableLength];
    readonly double logarithm;

    public Powers(double factor)
    {
        Factor = factor;
        logarithm = Math.Log(factor);
        for (int i = 0; i < TableLength; i++)
        {
            table[i] = Math.Pow(factor, i);
        }
    }

    public double Factor { get; }

    public double this[long power]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => power < TableLength ? table[power] : Math.Exp(power * logarithm);
    }

    public bool Equals(Powers? other) => other is not null && Factor == other.Factor;

    public override int GetHashCode() => Factor.GetHashCode();
}
