using System.Text;

namespace Anneal.Cli.Tests.Programs;

/// <summary><c>lr-find --write</c> changes the value of the rate and nothing else.</summary>
public sealed class RecipeWritingTests : IClassFixture<AnnealProgram>
{
    const string Rate = "learning-rate: triangular(min=0.001, max=0.002, half=3ep)";

    readonly AnnealProgram anneal;

    public RecipeWritingTests(AnnealProgram anneal) => this.anneal = anneal;

    [Theory]
    [InlineData(Rate, "")]
    [InlineData(Rate, "   # from the range test")]
    [InlineData("learning-rate : \"triangular(min=0.001, max=0.002, half=3ep)\"", " # a # b")]
    [InlineData("learning-rate:\t'triangular(min=0.001, max=0.002, half=3ep)'", "  ")]
    public void CommentsLineEndsTheByteOrderMarkTheLinkAndTheModeStay(string line, string comment)
    {
        string text = "# mine: é\r\n" + AnnealProgram.Recipe.Replace("learning-rate: 0.02", line + comment).Replace("\n", "\r\n") + "\r\n# the end";
        string target = anneal.PathOf("target.yaml");
        File.WriteAllText(target, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        anneal.Shell($"chmod 600 target.yaml; ln -sf target.yaml link.yaml");

        Assert.Equal(0, Write("link.yaml").Code);

        Assert.Equal("target.yaml", new FileInfo(anneal.PathOf("link.yaml")).LinkTarget);
        Assert.Equal("600", anneal.Shell("stat --format=%a target.yaml").Output.Trim());
        byte[] written = File.ReadAllBytes(target);
        Assert.Equal(Encoding.UTF8.GetPreamble(), written[..3]);
        string[] before = text.Split("\r\n");
        string[] after = Encoding.UTF8.GetString(written[3..]).Split("\r\n");
        int place = Array.IndexOf(before, line + comment);
        Assert.Equal([.. before[..place], .. before[(place + 1)..]], [.. after[..place], .. after[(place + 1)..]]);
        Assert.Matches($"^learning-rate[ \t]*:[ \t]+triangular\\(min=[^#]*half=3ep\\){comment}$", after[place]);
        Assert.DoesNotContain("max=0.002", after[place]);
    }

    [Fact]
    public void AFileThatCannotTakeTheRateIsRefusedBeforeAnythingIsComputed()
    {
        File.WriteAllText(anneal.PathOf("far.yaml"), AnnealProgram.Recipe.Replace("learning-rate: 0.02", Rate.Replace(": ", ":\n  ")));
        Result result = Write("far.yaml");
        Assert.Contains("far.yaml: the rate must be on one line", result.Error);
        Assert.Equal((2, ""), (result.Code, result.Output));
    }

    Result Write(string recipe) =>
        anneal.Run("lr-find", recipe, "--from", "0.001", "--to", "100", "--iterations", "60", "--set", "loss.smoothing=0.3", "--write", "--threads", "1");
}
