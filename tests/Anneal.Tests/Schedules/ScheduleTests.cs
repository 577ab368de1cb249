using Anneal.Durations;
using Anneal.Schedules;

namespace Anneal.Tests.Schedules;

/// <summary>What every schedule promises.</summary>
public class ScheduleTests
{
    static readonly RunLength Run = new(Steps: 5000, StepsPerEpoch: 100, BatchSize: 64);

    public static TheoryData<string> OneOfEach =>
    [
        "constant(0.1)",
        "linear(from=0.01, to=0.4)",
        "exponential(from=0.4, to=0.01)",
        "polynomial(from=0.4, to=0.01, power=0.9)",
        "cosine(from=0.4, to=0.01, k=1.7)",
        "step(0.4, every=10ep)",
        "multi-step(0.4, at=[10ep, 20ep])",
        "inverse-sqrt(0.4, warmup=5ep)",
        "noam(model=512, warmup=5ep)",
        "restarts(from=0.4, to=0.01, first=3ep, multiply=1.5, decay=0.9)",
        "triangular(min=0.01, max=0.4, half=3ep)",
        "triangular2(min=0.01, max=0.4, half=3ep)",
        "exp-range(min=0.01, max=0.4, half=3ep, gamma=0.999)",
        "one-cycle(max=0.4)",
        "one-cycle-momentum()",
        "burn-in(0.4) for 10ep",
        "spec-augment(peak=0.4, ramp=1ep, hold-until=10ep, decay-until=30ep)",
        "trapezoid(peak=0.4, up=2ep, down=0.2run, shape=sqrt)",
        "snapshot(peak=0.4, cycles=7)",
        "linear(from=0, to=0.4) for 5ep then constant(0.4) for 10ep then cosine(from=0.4, to=0)",
        "linear(from=0, to=0.4) for 5ep then plateau(0.4)",
    ];

    public static TheoryData<string> OneOfEachThatCanEnd => new(OneOfEach.Select(row => row.Data).Where(text => !text.Contains("plateau")));

    [Fact]
    public void EveryKindIsTriedHere() => Assert.Equal(
        ScheduleText.Forms.Select(form => form.Name).Order(),
        OneOfEach.SelectMany(row => ScheduleText.Parse(row.Data).Pieces).Select(piece => piece.Name).Distinct().Order());

    [Theory]
    [MemberData(nameof(OneOfEach))]
    public void EvaluationAllocatesNothing(string text)
    {
        Schedule schedule = ScheduleText.Parse(text).Resolve(Run);
        double sum = schedule.At(0);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (long step = 0; step < 6000; step++)
        {
            sum += schedule.At(step);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(double.IsFinite(sum));
        Assert.Equal(0, allocated);
    }

    [Theory]
    [MemberData(nameof(OneOfEach))]
    public void HasAFiniteValueAtEveryStepThatCanBeCounted(string text)
    {
        Schedule schedule = ScheduleText.Parse(text).Resolve(Run);

        foreach (long step in (long[])[0, 1, 4999, 5000, 5001, 1L << 31, (1L << 53) - 1, 1L << 53, long.MaxValue])
        {
            Assert.InRange(schedule.At(step), 0, 1);
        }
    }

    [Theory]
    [MemberData(nameof(OneOfEachThatCanEnd))]
    public void HoldsWhatItHasComeToWhenCutOff(string text)
    {
        Schedule whole = ScheduleText.Parse(text).Resolve(Run);
        Schedule cut = whole.For(1234);

        Assert.Equal(whole.At(1233), cut.At(1233));
        Assert.Equal(whole.At(1233), cut.At(1234), 0.01);
        Assert.Equal(cut.At(1234), cut.At(1L << 53));
    }

    [Theory]
    [MemberData(nameof(OneOfEach))]
    public void IsEqualToAnotherFromTheSameText(string text)
    {
        (Schedule? one, Schedule? other) = (ScheduleText.Parse(text).Resolve(Run), ScheduleText.Parse(text).Resolve(Run));

        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
    }
}
