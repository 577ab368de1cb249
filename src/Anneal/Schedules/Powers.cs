namespace Anneal.Schedules;

/// <summary>The whole powers of a factor, the first of them from a table: most schedules need no others.</summary>
sealed record Powers
{
    const int TableLength = 64;

    readonly double[] table = new double[TableLength];

    public Powers(double factor)
    {
        Factor = factor;
        for (int i = 0; i < TableLength; i++)
            table[i] = Math.Pow(factor, i);
    }

    public double Factor { get; }

    public double this[long power] => power < TableLength ? table[power] : Math.Pow(Factor, power);

    public bool Equals(Powers? other) => other is not null && Factor == other.Factor;

    public override int GetHashCode() => Factor.GetHashCode();
}
