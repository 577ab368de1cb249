using Anneal.Search;

namespace Anneal.Tests.Search;

public class DimensionTests
{
    const double AlmostOne = 1 - 1.0 / (1L << 53);

    [Fact]
    public void LogUniformIsGeometric()
    {
        LogUniform rate = new("learning-rate", 1e-4, 1);
        Assert.Equal(1e-4, rate.At(0).Number);
        Assert.Equal(1e-2, rate.At(0.5).Number, 1e-12);
        Assert.InRange(rate.At(AlmostOne).Number, 0.999, 1);
        Assert.Equal([1e-4, 1e-2, 1], rate.Grid(3).Select(v => v.Number), (a, b) => Math.Abs(a - b) < 1e-12 * a);
        Assert.Equal(1e-2, rate.Grid(1)[0].Number, 1e-12);
    }

    [Fact]
    public void UniformIsLinear()
    {
        Uniform momentum = new("momentum", 0.8, 1);
        Assert.Equal(0.9, momentum.At(0.5).Number, 1e-12);
        Assert.Equal([0.8, 0.9, 1], momentum.Grid(3).Select(v => v.Number), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void IntegersAreEquallyLikelyAndIncludeBothEnds()
    {
        IntegerRange depth = new("depth", -1, 2);
        Assert.Equal([-1, -1, 0, 1, 2, 2], new[] { 0, 0.24, 0.25, 0.5, 0.75, AlmostOne }.Select(u => depth.At(u).Number));
        Assert.Equal([-1, 0, 1, 2], depth.Grid(10).Select(v => v.Number));
        Assert.Equal([-1, 2], depth.Grid(2).Select(v => v.Number));
    }

    [Fact]
    public void WordsAreEquallyLikely()
    {
        Categorical optimizer = new("optimizer", "sgd", "adamw", "lion");
        Assert.Equal(["sgd", "adamw", "lion", "lion"], new[] { 0.33, 0.34, 0.67, AlmostOne }.Select(u => optimizer.At(u).ToString()));
        Assert.Equal(3, optimizer.Grid(1).Count);
        Assert.False(optimizer.At(0).IsNumber);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1.0 / 3)]
    [InlineData(1e-7)]
    [InlineData(4)]
    public void NumbersAreWrittenSoThatTheyReadBackTheSame(double number)
    {
        string text = new ParameterValue(number).ToString();
        Assert.Equal(number, double.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void RefuseRangesThatAreNone()
    {
        Assert.Equal("The range of 'x' must go from a lower to a higher number. Received: 2 to 1.", Assert.Throws<ArgumentException>(() => new Uniform("x", 2, 1)).Message);
        Assert.Equal("A log-uniform range must lie above 0. Received: 0 to 1 for 'x'.", Assert.Throws<ArgumentException>(() => new LogUniform("x", 0, 1)).Message);
        Assert.Throws<ArgumentException>(() => new IntegerRange("x", 1, 1));
        Assert.Throws<ArgumentException>(() => new Uniform("x", 0, double.PositiveInfinity));
        Assert.Equal("The choices of 'x' must be at least one, and none twice. Received: a, a.", Assert.Throws<ArgumentException>(() => new Categorical("x", "a", "a")).Message);
    }

    [Fact]
    public void AreNamedOnceInASpace()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => new SearchSpace(new Uniform("x", 0, 1), new Categorical("x", "a")));
        Assert.Equal("A recipe value can be one dimension only. Received: 'x' 2 times.", e.Message);
        Assert.Throws<ArgumentException>(() => new SearchSpace());
    }
}
