using Anneal.Durations;
using Anneal.Schedules;

namespace Anneal.Tests.Schedules;

public class InverseSquareRootTests
{
    static readonly RunLength Run = new(1000, 100, 1);

    [Fact]
    public void IsAtItsPeakAtTheEndOfTheWarmup()
    {
        InverseSquareRoot schedule = new(0.1, warmup: 400, timescale: 1000);

        Assert.Equal(0, schedule.At(0));
        Assert.Equal(0.1, schedule.At(400));
        Assert.Equal(0.1 / Math.Sqrt(2), schedule.At(1400), 1e-15);
    }

    [Fact]
    public void TakesTheWarmupForItsTimescale() =>
        Assert.Equal(new InverseSquareRoot(0.1, 400, 400), ScheduleText.Parse("inverse-sqrt(0.1, warmup=4ep)").Resolve(Run));

    [Theory]
    [InlineData("inverse-sqrt(0.1, warmup=0)", 0, "timescale must be at least 1. Received: timescale=0.")]
    [InlineData("inverse-sqrt(0.1, warmup=1001)", 25, "warmup must not be longer than its piece. Received: warmup=1001 steps, in 1000 steps.")]
    [InlineData("inverse-sqrt(0.1, warmup=301) for 3ep", 25, "warmup must not be longer than its piece. Received: warmup=301 steps, in 300 steps.")]
    [InlineData("noam(model=512, warmup=301) for 3ep", 23, "warmup must not be longer than its piece. Received: warmup=301 steps, in 300 steps.")]
    [InlineData("noam(model=512, warmup=0)", 23, "warmup must be at least 1. Received: warmup=0.")]
    [InlineData("noam(model=0, warmup=10)", 11, "model must be above 0. Received: model=0.")]
    [InlineData("noam(model=1, warmup=10, scale=-1)", 31, "scale must be above 0. Received: scale=-1.")]
    public void RejectsAWarmupThatDoesNotFit(string text, int position, string problem)
    {
        ScheduleFormatException error = Assert.Throws<ScheduleFormatException>(() => ScheduleText.Parse(text).Resolve(Run));

        Assert.Equal(position, error.Position);
        Assert.EndsWith(problem, error.Problem);
    }
}
