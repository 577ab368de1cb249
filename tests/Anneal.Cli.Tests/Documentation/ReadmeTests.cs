using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Anneal.Stopping;
using Anneal.Training.Augmentation;
using Anneal.Training.Averaging;
using Anneal.Training.Initialization;
using Anneal.Training.Losses;
using Anneal.Training.Models;
using Anneal.Training.Optimizers;
using Anneal.Training.Recipes;
using Anneal.Training.Rates;
using Anneal.Training.Regularization;

namespace Anneal.Cli.Tests.Documentation;

/// <summary>What the documentation shows is what the repository holds.</summary>
public partial class ReadmeTests
{
    internal static readonly string Root = RepositoryRoot();
    static readonly string Readme = File.ReadAllText(Path.Combine(Root, "README.md"));
    static readonly string Guide = File.ReadAllText(Path.Combine(Root, "docs", "guide", "getting-started.md"));

    public static TheoryData<string> Pages =>
    [
        "README.md",
        .. Directory.GetFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories).Select(page => Path.GetRelativePath(Root, page)).Order(StringComparer.Ordinal),
    ];

    [Fact]
    public void TheProgramInTheReadmeIsTheSampleThatCompiles() => Assert.Equal(
        File.ReadAllText(Path.Combine(Root, "samples", "TrainFashionMnist", "Program.cs")),
        Assert.Single(Blocks("README.md", "csharp")));

    [Fact]
    public void EveryRecipeOnAPageIsOneThatCanBeFollowed() => Assert.All(
        Pages.SelectMany(page => Blocks(page.Data, "yaml")),
        recipe => Assert.NotNull(RecipeText.Read(recipe)));

    [Fact]
    public void EveryCommandStandsInTheReadme() => Assert.All(
        CommandLine.Root().Subcommands.Where(command => !command.Hidden),
        command => Assert.Contains($"| `anneal {command.Name} ", Readme, StringComparison.Ordinal));

    [Fact]
    public void EveryExitCodeStandsInTheReadme() => Assert.Equal(
        typeof(ExitCode).GetFields(BindingFlags.NonPublic | BindingFlags.Static).Select(code => (int)code.GetRawConstantValue()!).Order(),
        ExitCodes().Matches(Readme).SelectMany(row => row.Groups["code"].Value.Split(", ")).Select(int.Parse));

    [Theory]
    [InlineData(typeof(Model))]
    [InlineData(typeof(Initializer))]
    [InlineData(typeof(Optimizer))]
    [InlineData(typeof(ILoss))]
    [InlineData(typeof(IBatchTransform))]
    [InlineData(typeof(IGradientTransform))]
    [InlineData(typeof(IWeightAverage))]
    [InlineData(typeof(IStopRule))]
    [InlineData(typeof(BatchScaling))]
    [InlineData(typeof(IRateFactor))]
    public void TheGuideNamesEveryTechniqueOfARecipe(Type seam) => Assert.All(
        RecipeText.Standard.Names(seam),
        name => Assert.Contains($"`{name}`", Guide, StringComparison.Ordinal));

    [Fact]
    public void TheGuideNamesEveryKeyOfARecipe() => Assert.All(
        RecipeText.Write(new Recipe()).Split('\n').Where(line => line.Length > 0 && line[0] != ' ').Select(line => line.Split(':')[0]),
        key => Assert.Contains($"| `{key}` |", Guide, StringComparison.Ordinal));

    [Fact]
    public void EveryReadyRecipeCanBeFollowed() => Assert.All(
        Directory.GetFiles(Path.Combine(Root, "recipes"), "*.yaml"),
        file => Assert.NotNull(RecipeText.Read(File.ReadAllText(file))));

    [Theory]
    [MemberData(nameof(Pages))]
    public void EveryLinkLeadsToAFile(string page) => Assert.All(
        Links().Matches(File.ReadAllText(Path.Combine(Root, page))).Select(link => link.Groups["target"].Value.Split('#')[0]),
        target => Assert.True(
            target.StartsWith("https://", StringComparison.Ordinal) || Path.Exists(Path.Combine(Root, Path.GetDirectoryName(page)!, target)),
            $"A link must lead to a file. Received: {target} in {page}."));

    [Fact]
    public void EveryPageIsFound() => Assert.Contains(Pages, page => page.Data == "docs/decisions/0001-commands-and-builds.md");

    static IEnumerable<string> Blocks(string page, string language) =>
        from Match block in Fences().Matches(File.ReadAllText(Path.Combine(Root, page)))
        where block.Groups["language"].Value == language
        select block.Groups["text"].Value;

    static string RepositoryRoot([CallerFilePath] string here = "")
    {
        DirectoryInfo? folder = new FileInfo(here).Directory;
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Anneal.slnx")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? throw new DirectoryNotFoundException($"The repository must be around its tests. Received: {here}.");
    }

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();

    [GeneratedRegex(@"^\| (?<code>\d+(, \d+)*) \|", RegexOptions.Multiline)]
    private static partial Regex ExitCodes();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Links();
}
