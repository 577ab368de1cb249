using Anneal.Schedules;

namespace Anneal.Tests.Schedules;

public class ExponentialTests
{
    [Fact]
    public void MultipliesByTheSameFactorAtEveryStep()
    {
        Exponential sweep = new(1e-7, 10, 80);

        for (long step = 0; step < 80; step++)
        {
            Assert.Equal(Math.Pow(10, 0.1), sweep.At(step + 1) / sweep.At(step), 1e-12);
        }
    }

    [Theory]
    [InlineData(0, 1, "from must be above 0. Received: from=0.")]
    [InlineData(1, -1, "to must be above 0. Received: to=-1.")]
    public void RejectsWhatHasNoLogarithm(double from, double to, string message) =>
        Assert.Equal(message, Assert.Throws<ScheduleValueException>(() => new Exponential(from, to, 10)).Message);
}
