using Anneal.Metrics;

namespace Anneal.Tests.Metrics;

public class RunningMeanTests
{
    [Fact]
    public void WeighsByTheWeights() =>
        Assert.Equal((128 * 2.0 + 32 * 1.0) / 160, default(RunningMean).Add(2, 128).Add(1, 32).Mean);

    [Fact]
    public void KeepsSmallNumbersBesideLargeOnes()
    {
        RunningMean mean = default(RunningMean).Add(1e16);
        for (int i = 0; i < 1000; i++)
        {
            mean = mean.Add(1);
        }
        // A plain sum would end at 0: each 1 is half a unit in the last place of 1e16.
        Assert.Equal(1000, mean.Add(-1e16).Mean * 1002, 1e-9);
    }

    [Fact]
    public void GoesOnFromAStoredState()
    {
        RunningMean first = default(RunningMean).Add(0.1).Add(0.2);
        RunningMean restored = new(first.Sum, first.Correction, first.Weight);
        Assert.Equal(first.Add(0.3), restored.Add(0.3));
    }

    [Fact]
    public void LeavesTheOldValueAsItWas()
    {
        RunningMean one = default(RunningMean).Add(1);
        one.Add(5);
        Assert.Equal(1, one.Mean);
    }

    [Fact]
    public void OfNothingIsNotANumber() => Assert.Equal(double.NaN, default(RunningMean).Mean);

    [Fact]
    public void DoesNotHideAnInfiniteOrBrokenNumber()
    {
        Assert.Equal(double.PositiveInfinity, default(RunningMean).Add(double.PositiveInfinity).Add(1).Mean);
        Assert.Equal(double.NaN, default(RunningMean).Add(double.NaN).Add(1).Mean);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void RefusesAWeightThatIsNotPositive(double weight) =>
        Assert.Throws<ArgumentException>(() => default(RunningMean).Add(1, weight));
}
