using Anneal.Torch;
using Anneal.Training.Losses;

namespace Anneal.Training.Tests.Losses;

public class LabelSmoothingTests
{
    [Fact]
    public void TwoTenthsOfTwoClassesLeaveNineTenths() => AssertSmoothed([0.9f, 0.1f], 2, 0.2);

    [Fact]
    public void FourTenthsOfFourClassesLeaveSevenTenths() => AssertSmoothed([0.7f, 0.1f, 0.1f, 0.1f], 4, 0.4);

    [Fact]
    public void SmoothsProbabilitiesToo()
    {
        using TensorScope scope = new();
        Tensor mixed = Tensor.From<float>([0.5f, 0.5f, 0, 0], 1, 4);

        AssertClose([0.4f, 0.4f, 0.1f, 0.1f], LabelSmoothing.Smooth(mixed, 4, 0.4));
    }

    // −0.9 ln 0.9 − 0.1 ln 0.1 and −0.7 ln 0.7 − 0.3 ln 0.1.
    [Theory]
    [InlineData(2, 0.2, 0.32508297339144826)]
    [InlineData(4, 0.4, 0.94044798865532638)]
    [InlineData(10, 0, 0)]
    public void TheMinimumLossIsTheTargetsEntropy(int classes, double share, double entropy) =>
        Assert.Equal(entropy, LabelSmoothing.MinimumLoss(classes, share), 1e-15);

    [Fact]
    public void NoScoresReachALossBelowTheMinimum()
    {
        using TensorScope scope = new();
        Tensor target = Tensor.From([2L]);
        Tensor best = LabelSmoothing.Smooth(target, 5, 0.3).Log();

        double reached = Tensor.CrossEntropy(best, target, null, 0.3).ToDouble();
        double sharper = Tensor.CrossEntropy(best * 1.1, target, null, 0.3).ToDouble();

        Assert.Equal(LabelSmoothing.MinimumLoss(5, 0.3), reached, 1e-6);
        Assert.True(sharper > reached);
    }

    static void AssertSmoothed(float[] expected, int classes, double share)
    {
        using TensorScope scope = new();
        AssertClose(expected, LabelSmoothing.Smooth(Tensor.From([0L]), classes, share));
    }

    static void AssertClose(float[] expected, Tensor received) =>
        Assert.All(received.ToArray<float>().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-7f));
}
