using Anneal.Durations;
using Anneal.Schedules;

namespace Anneal.Tests.Schedules;

public class SpecAugmentPhasesTests
{
    static readonly RunLength Run = new(400_000, 1000, 512);

    [Theory]
    [InlineData("B", 500, 20_000, 80_000)]
    [InlineData("D", 1_000, 40_000, 160_000)]
    [InlineData("L", 1_000, 140_000, 320_000)]
    public void KnowsThePapersTimelines(string preset, long ramp, long holdUntil, long decayUntil) => Assert.Equal(
        new SpecAugmentPhases(0.001, ramp, holdUntil, decayUntil),
        ScheduleText.Parse($"spec-augment(peak=0.001, preset={preset})").Resolve(Run));

    [Fact]
    public void PrefersAStepThatIsGivenToThePreset() => Assert.Equal(
        new SpecAugmentPhases(0.001, 500, 20_000, 100_000),
        ScheduleText.Parse("spec-augment(peak=0.001, preset=B, decay-until=100ep)").Resolve(Run));

    [Theory]
    [InlineData(RampShape.Linear)]
    [InlineData(RampShape.Exponential)]
    [InlineData(RampShape.Power)]
    public void IsContinuousAtItsBorders(RampShape shape)
    {
        SpecAugmentPhases schedule = new(1, 1_000_000, 2_000_000, 3_000_000, shape);

        foreach (long border in (long[])[1_000_000, 2_000_000, 3_000_000])
        {
            Assert.Equal(schedule.At(border), schedule.At(border - 1), 1e-5);
        }

        Assert.Equal((1.0, 1.0, 0.01), (schedule.At(1_000_000), schedule.At(2_000_000), schedule.At(1L << 53)));
    }

    [Fact]
    public void MayHaveNoRampAndNoDecay()
    {
        SpecAugmentPhases schedule = new(1, 0, 10, 10);

        Assert.Equal((1.0, 1.0, 0.01), (schedule.At(0), schedule.At(9), schedule.At(10)));
    }

    [Theory]
    [InlineData("ramp=500, hold-until=400, decay-until=900", 44, "hold-until must not come before ramp. Received: hold-until=400, ramp=500.")]
    [InlineData("ramp=500, hold-until=600, decay-until=599", 61, "decay-until must not come before hold-until. Received: decay-until=599, hold-until=600.")]
    [InlineData("ramp=500, hold-until=600", 0, "decay-until must be given where there is no preset. Presets: B, D, L.")]
    [InlineData("preset=B, floor=0", 39, "floor must be above 0 and at most 1. Received: floor=0.")]
    public void RejectsPhasesOutOfOrder(string values, int position, string problem)
    {
        ScheduleFormatException error = Assert.Throws<ScheduleFormatException>(() => ScheduleText.Parse($"spec-augment(peak=0.1, {values})").Resolve(Run));

        Assert.EndsWith(problem, error.Problem);
        Assert.Equal(position, error.Position);
    }
}
