using Anneal.Durations;
using Anneal.Schedules;

namespace Anneal.Tests.Schedules;

public class ScaledTests
{
    static readonly RunLength Run = new(100, 10, 1);

    [Fact]
    public void MultipliesEveryValue()
    {
        Schedule plain = ScheduleText.Parse("linear(from=0, to=0.1) for 20 then restarts(from=0.1, to=0.01, first=20)").Resolve(Run);
        Scaled scaled = new(plain, 3);
        for (long step = 0; step < 120; step++)
        {
            Assert.Equal(3 * plain.At(step), scaled.At(step));
            Assert.Equal(3 * plain.Approaching(step), scaled.Approaching(step));
        }
        Assert.Equal(plain.Length, scaled.Length);
    }

    [Fact]
    public void LetsAPlateauReact()
    {
        Schedule scaled = new Scaled(ScheduleText.Parse("linear(from=0, to=0.1) for 20 then plateau(0.1, factor=0.5, patience=0)").Resolve(Run), 2);
        scaled = scaled.Observe(10, 1);
        scaled = scaled.Observe(30, 1);
        Assert.Equal(0.2, scaled.At(31));
        scaled = scaled.Observe(40, 1);
        Assert.Equal(0.1, scaled.At(41));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void RefusesAFactorThatIsNotAboveZero(double factor) =>
        Assert.Throws<ScheduleValueException>(() => new Scaled(new Constant(1), factor));
}
