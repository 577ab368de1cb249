using Anneal.Metrics;

namespace Anneal.Tests.Metrics;

public class ConfusionMatrixTests
{
    // Predictions 0, 1, 1, 2, 0 for the labels 0, 0, 1, 1, 0.
    static readonly ConfusionMatrix Matrix = ConfusionMatrix.Of(
        [1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0], 3, [0, 0, 1, 1, 0]);

    [Fact]
    public void CountsTrueClassesInRowsAndPredictionsInColumns()
    {
        Assert.Equal([2, 1, 0], Matrix.Counts[0]);
        Assert.Equal([0, 1, 1], Matrix.Counts[1]);
        Assert.Equal([0, 0, 0], Matrix.Counts[2]);
        Assert.Equal(5, Matrix.Examples);
    }

    [Fact]
    public void KnowsAccuracyRecallAndPrecision()
    {
        Assert.Equal(0.6, Matrix.Accuracy);
        Assert.Equal(2.0 / 3, Matrix.Recall(0));
        Assert.Equal(0.5, Matrix.Precision(1));
        Assert.Equal(0, Matrix.Precision(2));
    }

    [Fact]
    public void HasNoRecallForAClassWithoutExamples() => Assert.Equal(double.NaN, Matrix.Recall(2));

    [Fact]
    public void AddsUpWithoutChangingItsParts()
    {
        ConfusionMatrix twice = Matrix.Add(Matrix);
        Assert.Equal([4, 2, 0], twice.Counts[0]);
        Assert.Equal(5, Matrix.Examples);
        Assert.Equal(Matrix.Counts[0], ConfusionMatrix.Empty(3).Add(Matrix).Counts[0]);
    }

    [Fact]
    public void DoesNotAddOtherClasses()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => Matrix.Add(ConfusionMatrix.Empty(4)));
        Assert.Equal("Only matrices of the same classes add up. Received: 3 and 4 classes.", e.Message);
    }
}
