using Anneal.Schedules;

namespace Anneal.Tests.Schedules;

public class BurnInTests
{
    [Fact]
    public void RisesAsInDarknet()
    {
        BurnIn schedule = new(1e-3, 1000);

        Assert.Equal(0, schedule.At(0));
        Assert.Equal(6.25e-5, schedule.At(500), 1e-18);
        Assert.Equal(1e-3, schedule.At(1000));
        Assert.Equal(1e-3, schedule.At(1L << 53));
    }

    [Fact]
    public void RejectsAPowerThatIsNotPositive() => Assert.Throws<ScheduleValueException>(() => new BurnIn(1, 10, 0));
}
