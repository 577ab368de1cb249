using Anneal.Search;

namespace Anneal.Tests.Search;

public class SamplerTests
{
    static readonly SearchSpace Space = new(
        new LogUniform("learning-rate", 1e-4, 1),
        new Uniform("momentum", 0.8, 0.99),
        new IntegerRange("model.depth", 2, 4),
        new Categorical("optimizer", "sgd", "adamw"));

    static readonly RandomSampler Random = new();

    [Fact]
    public void RandomDrawsTheSameForTheSameSeedAndTrial()
    {
        Assert.Equal(Draw(7, 3), Draw(7, 3));
        Assert.NotEqual(Draw(7, 3), Draw(7, 4));
        Assert.NotEqual(Draw(7, 3), Draw(8, 3));
    }

    [Fact]
    public void RandomDrawsTheSameWhateverElseVaries()
    {
        SearchSpace fewer = new(Space.Dimensions[3], Space.Dimensions[0]);
        IReadOnlyDictionary<string, ParameterValue> values = Random.Draw(fewer, 7, 3, []);
        Assert.Equal(Draw(7, 3)["learning-rate"], values["learning-rate"]);
        Assert.Equal(["optimizer", "learning-rate"], values.Keys);
    }

    [Fact]
    public void RandomSpreadsEvenlyOverEachDimension()
    {
        const int trials = 4000;
        int[] decades = new int[4];
        int[] depths = new int[5];
        int adamw = 0;
        double momentum = 0;
        for (int t = 1; t <= trials; t++)
        {
            IReadOnlyDictionary<string, ParameterValue> values = Draw(1, t);
            decades[(int)Math.Floor(Math.Log10(values["learning-rate"].Number)) + 4]++;
            depths[(int)values["model.depth"].Number]++;
            adamw += values["optimizer"].ToString() == "adamw" ? 1 : 0;
            momentum += values["momentum"].Number / trials;
            Assert.InRange(values["momentum"].Number, 0.8, 0.99);
        }
        // Five standard deviations of the binomial counts and of the mean.
        Assert.All(decades, count => Assert.Equal(1000, count, 5 * Math.Sqrt(trials * 0.25 * 0.75)));
        Assert.All(depths[2..], count => Assert.Equal(trials / 3.0, count, 5 * Math.Sqrt(trials * 2 / 9.0)));
        Assert.Equal(2000, adamw, 5 * Math.Sqrt(trials * 0.25));
        Assert.Equal(0.895, momentum, 5 * 0.19 / Math.Sqrt(12 * trials));
    }

    [Fact]
    public void GridTriesEveryCombinationOnce()
    {
        GridSampler grid = new(3);
        Assert.Equal(3 * 3 * 3 * 2, grid.Count(Space));
        string[] all = [.. Enumerable.Range(1, 54).Select(t => string.Join(" ", grid.Draw(Space, 0, t, []).Select(v => $"{v.Key}={v.Value}")))];
        Assert.Equal(54, all.Distinct().Count());
        Assert.Equal("learning-rate=0.0001 momentum=0.8 model.depth=2 optimizer=sgd", all[0]);
        Assert.Equal("learning-rate=0.0001 momentum=0.8 model.depth=2 optimizer=adamw", all[1]);
        Assert.Equal("learning-rate=1 momentum=0.99 model.depth=4 optimizer=adamw", all[53]);
    }

    [Fact]
    public void GridEndsWithItsLastCombination()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => new GridSampler(3).Draw(Space, 0, 55, []));
        Assert.Equal("The grid has trials 1 to 54. Received: 55.", e.Message);
        Assert.Throws<ArgumentException>(() => new GridSampler(3).Draw(Space, 0, 0, []));
    }

    static IReadOnlyDictionary<string, ParameterValue> Draw(ulong seed, int trial) => Random.Draw(Space, seed, trial, []);
}
