namespace Anneal.Cli.Charts;

/// <summary>Measured points, joined by straight lines.</summary>
/// <param name="Name">What it is called beside the chart.</param>
/// <param name="Points">At least one; places rise from 0 to 1.</param>
/// <param name="First">What stands under the left end of the axis.</param>
/// <param name="Last">What stands under the right end.</param>
sealed record PointCurve(string Name, IReadOnlyList<(double Place, double Value)> Points, string First, string Last) : ICurve
{
    public IReadOnlyList<(double Low, double High)> Columns(int count)
    {
        (double Low, double High)[] columns = new (double, double)[count];
        for (int column = 0; column < count; column++)
        {
            double value = At((column + 0.5) / count);
            columns[column] = (value, value);
        }
        return columns;
    }

    double At(double place)
    {
        int after = 0;
        while (after < Points.Count && Points[after].Place < place)
        {
            after++;
        }
        if (after == 0 || after == Points.Count)
        {
            return Points[Math.Min(after, Points.Count - 1)].Value;
        }
        ((double left, double low), (double right, double high)) = (Points[after - 1], Points[after]);
        return low + ((high - low) * (place - left) / (right - left));
    }
}
