using Anneal.Schedules;

namespace Anneal.Tests.Schedules;

public class NoamTests
{
    [Fact]
    public void PeaksAtTheEndOfTheWarmup()
    {
        Noam schedule = new(model: 512, warmup: 4000);
        double peak = 1 / Math.Sqrt(512.0 * 4000);

        Assert.Equal(0, schedule.At(0));
        Assert.Equal(1, schedule.At(4000) / peak, 1e-14);
        Assert.True(schedule.At(3999) < schedule.At(4000) && schedule.At(4001) < schedule.At(4000));
        Assert.Equal(1, schedule.At(16000) / (peak / 2), 1e-14);
    }
}
