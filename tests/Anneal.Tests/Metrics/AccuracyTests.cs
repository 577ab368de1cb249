using Anneal.Metrics;

namespace Anneal.Tests.Metrics;

public class AccuracyTests
{
    static readonly float[] Scores =
    [
        0.1f, 0.7f, 0.2f,
        5, 4, 3,
        -1, -2, -3,
        0, 0, 1,
    ];

    static readonly long[] Labels = [1, 1, 2, 2];

    [Fact]
    public void IsTheShareOfHighestScores() => Assert.Equal(0.5, Accuracy.Top1(Scores, 3, Labels));

    [Fact]
    public void CountsTheNextBestInTopTwo() => Assert.Equal(0.75, Accuracy.TopK(Scores, 3, Labels, 2));

    [Fact]
    public void IsOneWhenEveryClassCounts() => Assert.Equal(1, Accuracy.TopK(Scores, 3, Labels, 3));

    [Fact]
    public void AddsUpOverBatches() =>
        Assert.Equal(
            Accuracy.Right(Scores, 3, Labels),
            Accuracy.Right(Scores.AsSpan(0, 3), 3, Labels.AsSpan(0, 1)) + Accuracy.Right(Scores.AsSpan(3), 3, Labels.AsSpan(1)));

    [Fact]
    public void GivesTheLowerOfEqualScoresTheWin()
    {
        float[] same = new float[10 * 10];
        long[] each = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
        Assert.Equal(0.1, Accuracy.Top1(same, 10, each));
        Assert.Equal(0.3, Accuracy.TopK(same, 10, each, 3));
        Assert.Equal(0, Accuracy.Predicted([2, 2, 2]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void DoesNotCallABrokenRowRight(long label)
    {
        Assert.Equal(0, Accuracy.Top1([1, float.NaN, 2], 3, [label]));
        Assert.Equal(1, Accuracy.Predicted([1, float.NaN, 2]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void PredictsWhatItCountsAsRight(int k)
    {
        for (int i = 0; i < Labels.Length; i++)
        {
            float[] row = Scores[(i * 3)..(i * 3 + 3)];
            Assert.Equal(k == Accuracy.Predicted(row), Accuracy.Right(row, 3, [k]) == 1);
        }
    }

    [Fact]
    public void OfNothingIsNotANumber() => Assert.Equal(double.NaN, Accuracy.Top1([], 3, []));

    [Fact]
    public void NamesTheLabelThatIsNoClass()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => Accuracy.Top1(Scores, 3, [1, 1, 3, 2]));
        Assert.Equal("A label must be a class, 0 to 2. Received: 3 at example 2.", e.Message);
        Assert.Throws<ArgumentException>(() => Accuracy.Top1(Scores, 3, [1, 1, -1, 2]));
    }

    [Fact]
    public void RefusesScoresThatDoNotFitTheLabels()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => Accuracy.Top1(Scores, 4, Labels));
        Assert.Contains("Received: 12 scores, 4 labels, 4 classes.", e.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void RefusesAKOutsideTheClasses(int k) =>
        Assert.Throws<ArgumentException>(() => Accuracy.TopK(Scores, 3, Labels, k));
}
