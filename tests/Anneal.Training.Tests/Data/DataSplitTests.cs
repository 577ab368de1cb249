using Anneal.Training.Data;

namespace Anneal.Training.Tests.Data;

public class DataSplitTests
{
    // 100 of class 0, 50 of class 1, 7 of class 200, mixed.
    static readonly byte[] Labels = [.. Enumerable.Range(0, 157).Select(i => (byte)(i % 22 == 0 && i / 22 < 7 ? 200 : 0))];

    static DataSplitTests()
    {
        for (int i = 0, ones = 0; ones < 50; i++)
        {
            if (Labels[i] == 0 && i % 3 == 1)
            {
                Labels[i] = 1;
                ones++;
            }
        }
    }

    [Theory]
    [InlineData(0.1, 10, 5, 1)]
    [InlineData(0.25, 25, 13, 2)]
    [InlineData(0.5, 50, 25, 4)]
    public void SetsTheSameShareOfEachClassAside(double share, int zeros, int ones, int others)
    {
        DataSplit split = DataSplit.Stratified(Labels, share, 3);
        int Aside(byte label) => split.Validation.Count(index => Labels[index] == label);
        Assert.Equal((zeros, ones, others), (Aside(0), Aside(1), Aside(200)));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.999)]
    public void LeavesAnExampleOfEachClassToTrainOn(double share)
    {
        // 30 of two classes, one of a third and two of a fourth.
        byte[] labels = [.. Enumerable.Range(0, 60).Select(i => (byte)(i % 2)), 2, 3, 3];
        for (ulong seed = 0; seed < 20; seed++)
        {
            DataSplit split = DataSplit.Stratified(labels, share, seed);
            Assert.Equal([0, 1, 2, 3], split.Training.Select(index => (int)labels[index]).Distinct().Order());
            Assert.Equal(
                ["Every class should have validation examples. 1 of 4 are only trained on, so few examples they have: c."],
                split.Remarks(labels, ["a", "b", "c", "d"]));
        }
        Assert.Empty(DataSplit.Stratified(labels, 0, 1).Remarks(labels, ["a", "b", "c", "d"]));
        Assert.Empty(DataSplit.Stratified(labels.AsSpan(0, 60), share, 1).Remarks(labels, ["a", "b"]));
    }

    [Fact]
    public void PutsEachExampleInOnePart()
    {
        DataSplit split = DataSplit.Stratified(Labels, 0.3, 3);
        Assert.Equal(Enumerable.Range(0, Labels.Length), split.Training.Concat(split.Validation).Order());
        Assert.Equal(split.Training.Order(), split.Training);
        Assert.Equal(split.Validation.Order(), split.Validation);
    }

    [Fact]
    public void IsTheSameForTheSameSeed()
    {
        Assert.Equal(DataSplit.Stratified(Labels, 0.3, 3).Validation, DataSplit.Stratified(Labels, 0.3, 3).Validation);
        Assert.NotEqual(DataSplit.Stratified(Labels, 0.3, 3).Validation, DataSplit.Stratified(Labels, 0.3, 4).Validation);
    }

    [Fact]
    public void ALargerShareHoldsASmallerOne() =>
        Assert.Empty(DataSplit.Stratified(Labels, 0.1, 3).Validation.Except(DataSplit.Stratified(Labels, 0.2, 3).Validation));

    [Fact]
    public void SetsNothingAsideForAShareOfNothing()
    {
        DataSplit split = DataSplit.Stratified(Labels, 0, 3);
        Assert.Empty(split.Validation);
        Assert.Equal(Labels.Length, split.Training.Length);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void RefusesWhatIsNoShare(double share) => Assert.Throws<ArgumentException>(() => DataSplit.Stratified(Labels, share, 3));
}
