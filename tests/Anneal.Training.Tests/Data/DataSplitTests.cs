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
