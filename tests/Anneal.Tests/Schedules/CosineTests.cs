using Anneal.Schedules;

namespace Anneal.Tests.Schedules;

public class CosineTests
{
    [Fact]
    public void IsHalfWayAtHalfTime()
    {
        Cosine schedule = new(0.4, 0.1, 1000);

        Assert.Equal(0.4, schedule.At(0));
        Assert.Equal(0.25, schedule.At(500), 1e-15);
        Assert.Equal(0.1, schedule.At(1000));
    }

    [Theory]
    [InlineData(1001)]
    [InlineData(2000)]
    [InlineData(1L << 53)]
    public void StaysAtTheFloorAfterItsLastStep(long step) => Assert.Equal(0.1, new Cosine(0.4, 0.1, 1000).At(step));

    // (1 + cos(π(1 − ε)))/2 = sin²(πε/2) = (πε/2)² to within ε² parts.
    [Fact]
    public void KeepsItsDigitsAtItsLastStep()
    {
        const long steps = 1L << 40;
        double expected = Math.Pow(Math.PI / 2 / steps, 2);

        Assert.Equal(1, new Cosine(1, 0, steps).At(steps - 1) / expected, 1e-12);
        Assert.Equal(1, new Cosine(0, 1, steps).At(1) / expected, 1e-12);
    }

    [Fact]
    public void StaysHighLongerWithALargerK()
    {
        // At half time with k = 2 the wave is a quarter done: (1 + cos(π/4))/2.
        Assert.Equal((1 + Math.Sqrt(0.5)) / 2, new Cosine(1, 0, 1000, k: 2).At(500), 1e-15);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void RejectsAnExponentThatIsNotPositive(double k)
    {
        ScheduleValueException error = Assert.Throws<ScheduleValueException>(() => new Cosine(1, 0, 10, k));
        Assert.StartsWith("k must be above 0. Received: k=", error.Message);
    }
}
