using Anneal.Calibration;

namespace Anneal.Tests.Calibration;

public class ReliabilityDiagramTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(15)]
    [InlineData(49)]
    public void PutsEveryEdgeIntoTheBinBelowIt(int bins)
    {
        double[] edges = [.. Enumerable.Range(1, bins).Select(b => (double)b / bins)];
        IReadOnlyList<ReliabilityBin> diagram = ReliabilityDiagram.EqualWidth(edges, new bool[bins], bins);
        Assert.All(diagram, bin => Assert.Equal(1, bin.Count));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(15)]
    [InlineData(49)]
    public void PutsWhatIsJustAboveAnEdgeIntoTheBinAboveIt(int bins)
    {
        double[] above = [.. Enumerable.Range(0, bins).Select(b => Math.BitIncrement((double)b / bins))];
        IReadOnlyList<ReliabilityBin> diagram = ReliabilityDiagram.EqualWidth(above, new bool[bins], bins);
        Assert.All(diagram, bin => Assert.Equal(1, bin.Count));
    }

    [Fact]
    public void KeepsZeroInTheFirstBin() => Assert.Equal(1, ReliabilityDiagram.EqualWidth([0], [true], 4)[0].Count);

    [Fact]
    public void KeepsEmptyBinsAtZero()
    {
        ReliabilityBin empty = ReliabilityDiagram.EqualWidth([0.9], [true], 2)[0];
        Assert.Equal((0, 0.0, 0.0), (empty.Count, empty.Confidence, empty.Accuracy));
    }

    [Fact]
    public void OfEqualMassHasEvenBinsFromLowToHigh()
    {
        IReadOnlyList<ReliabilityBin> bins = ReliabilityDiagram.EqualMass([0.9, 0.3, 0.6, 0.5, 0.8], [true, false, true, false, true], 2);
        Assert.Equal([2, 3], bins.Select(b => b.Count));
        Assert.Equal([0.5, 0.9], bins.Select(b => b.Upper));
        Assert.Equal([0, 0.5], bins.Select(b => b.Lower));
        Assert.Equal([0, 1], bins.Select(b => b.Accuracy));
    }

    [Fact]
    public void OfEqualMassDoesNotTearEqualConfidencesApart()
    {
        IReadOnlyList<ReliabilityBin> bins = ReliabilityDiagram.EqualMass([0.5, 0.5, 0.5, 0.5, 0.9], [true, false, true, false, true], 5);
        Assert.Equal([4, 1], bins.Select(b => b.Count));
        Assert.Equal(0.5, bins[0].Accuracy);
    }

    [Fact]
    public void OfEqualMassTakesMoreBinsThanExamples() =>
        Assert.Equal([1, 1], ReliabilityDiagram.EqualMass([0.4, 0.6], [true, true], 15).Select(b => b.Count));

    [Theory]
    [InlineData(1.5)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void RefusesWhatIsNoConfidence(double confidence)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => ReliabilityDiagram.EqualWidth([0.5, confidence], [true, true]));
        Assert.Equal($"A confidence must be 0 to 1. Received: {confidence} at example 1.", e.Message);
    }

    [Fact]
    public void RefusesAnOutcomeTooFew() =>
        Assert.Throws<ArgumentException>(() => ReliabilityDiagram.EqualMass([0.5, 0.6], [true]));

    [Fact]
    public void RefusesZeroBins() =>
        Assert.Throws<ArgumentException>(() => ReliabilityDiagram.EqualWidth([0.5], [true], 0));
}
