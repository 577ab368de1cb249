using Anneal.Schedules;

namespace Anneal.Tests.Schedules;

public class PolynomialTests
{
    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(2, 0.25)]
    [InlineData(0.5, 0.70710678118654752)]
    [InlineData(20, 9.5367431640625e-07)]
    public void RaisesTheShareThatIsLeft(double power, double half) =>
        Assert.Equal(1, new Polynomial(1, 0, 100, power).At(50) / half, 1e-14);

    [Fact]
    public void StaysAtItsEnd() => Assert.Equal(0.1, new Polynomial(1, 0.1, 100, 2).At(101));

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    [InlineData(double.PositiveInfinity)]
    public void RejectsAPowerThatIsNotPositive(double power) =>
        Assert.StartsWith("power must be above 0.", Assert.Throws<ScheduleValueException>(() => new Polynomial(1, 0, 10, power)).Message);
}
