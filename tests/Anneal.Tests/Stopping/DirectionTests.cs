using Anneal.Stopping;

namespace Anneal.Tests.Stopping;

public class DirectionTests
{
    [Theory]
    [InlineData(Direction.Minimize, 1, 2, 0, true)]
    [InlineData(Direction.Minimize, 2, 2, 0, false)]
    [InlineData(Direction.Minimize, 1, 2, 1, false)]
    [InlineData(Direction.Maximize, 2, 1, 0, true)]
    [InlineData(Direction.Maximize, 1, 2, 0, false)]
    [InlineData(Direction.Maximize, 2, 1, 0.5, true)]
    [InlineData(Direction.Maximize, double.NaN, 1, 0, false)]
    [InlineData(Direction.Minimize, 1, double.NaN, 0, true)]
    [InlineData(Direction.Minimize, double.NaN, double.NaN, 0, false)]
    public void SaysWhichIsBetter(Direction direction, double value, double other, double margin, bool better) =>
        Assert.Equal(better, direction.IsBetter(value, other, margin));
}
