using Anneal.Testing;
using Anneal.Training.Recipes;

namespace Anneal.Cli.Tests.Programs;

/// <summary>The value of <c>--set</c> is all that stands behind the equals sign.</summary>
public sealed class WholeArgumentTests : IClassFixture<AnnealProgram>
{
    readonly AnnealProgram anneal;

    public WholeArgumentTests(AnnealProgram anneal) => this.anneal = anneal;

    [Theory]
    [InlineData("hash #2")]
    [InlineData(" 'odd' [x]: {%@*&!|~} ")]
    public void EveryCommandTakesAFolderOfAnyName(string name)
    {
        TinyData.WriteTo(anneal.PathOf(name));
        string set = $"data={name}";
        string run = $"run {name.Length}";
        Assert.Equal(name, RecipeText.Read(Lines("inspect", "recipe.yaml", "--set", set).Split("\n\n")[0]).Data);
        Lines("lr-find", "recipe.yaml", "--set", set, "--from", "0.001", "--to", "100", "--iterations", "60", "--set", "loss.smoothing=0.3", "--threads", "1");
        Lines("train", "recipe.yaml", "--set", set, "--out", run, "--threads", "1", "--quiet");
        Assert.Equal(anneal.PathOf(name), DataOf(run));
        Lines("resume", run, "--set", set, "--set", "duration=4ep", "--quiet");
        Assert.Equal(name, Path.GetFileName(DataOf(run)));
    }

    string DataOf(string run) => RecipeText.Read(File.ReadAllText(anneal.PathOf(Path.Combine(run, "recipe.yaml")))).Data;

    string Lines(params string[] arguments)
    {
        Result result = anneal.Run(arguments);
        Assert.Equal("", result.Code == 0 ? "" : result.Error);
        return result.Output;
    }
}
