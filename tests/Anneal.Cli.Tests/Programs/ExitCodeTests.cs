namespace Anneal.Cli.Tests.Programs;

public sealed class ExitCodeTests : IClassFixture<AnnealProgram>
{
    readonly AnnealProgram anneal;

    public ExitCodeTests(AnnealProgram anneal) => this.anneal = anneal;

    [Theory]
    [InlineData(2, "No command named 'trian'. Did you mean 'train'?", "trian", "recipe.yaml")]
    [InlineData(2, "No option named '--sed'. Did you mean '--set'?", "train", "--sed", "recipe.yaml")]
    [InlineData(2, "There is no file 'missing.yaml'.", "train", "missing.yaml")]
    [InlineData(2, "optimizer: no value named 'mometum' here. Did you mean 'momentum'?", "train", "recipe.yaml", "--set", "optimizer.mometum=1")]
    [InlineData(2, "No schedule named 'coine'. Did you mean 'cosine'?", "schedule", "coine(from=1, to=0)", "--steps", "10")]
    [InlineData(3, "No data set 'nowhere'. Looked in: nowhere.", "train", "recipe.yaml", "--set", "data=nowhere")]
    [InlineData(3, "recipe.yaml", "resume", "data")]
    public void SaysWhatIsWrongBeforeItNeedsTheEngine(int code, string message, params string[] arguments) => Refuses(code, message, arguments);

    [Theory]
    [InlineData(2, "classes: a model's classes must be the data's. Received: 11 classes", "--set", "classes=11")]
    [InlineData(2, "learning-rate: The pieces before 'cosine' must leave it at least 1 step.", "--set", "learning-rate=linear(from=0, to=1) for 9ep then cosine(from=1, to=0)")]
    [InlineData(4, "was not finite", "--set", "learning-rate=1e30")]
    [InlineData(5, "The memory did not suffice.", "--set", "model.hidden=[100000, 2000000000]")]
    public void SaysWhyARecipeCannotBeFollowed(int code, string message, params string[] overrides) =>
        Refuses(code, message, ["train", "recipe.yaml", "--quiet", "--no-report", "--out", $"exit-{code}-{overrides[^1].Length}", .. overrides]);

    [Theory]
    [InlineData("duration: a run must have at least one step.", "duration=0st")]
    [InlineData("optimizer.momentum: momentum must be at least 0 and below 1. Received: 1.5.", "optimizer.momentum=1.5")]
    public void LeavesNoFolderOfARunThatCannotBegin(string message, string value)
    {
        Refuses(2, message, "train", "recipe.yaml", "--set", value, "--out", "never");
        Assert.False(Directory.Exists(anneal.PathOf("never")));
    }

    void Refuses(int code, string message, params string[] arguments)
    {
        Result result = anneal.Run(arguments);
        Assert.Contains(message, result.Error);
        Assert.Equal(code, result.Code);
        Assert.StartsWith("anneal: ", result.Error);
        Assert.DoesNotContain("   at ", result.Error);
        Assert.DoesNotContain("\e[", result.Error);
    }
}
