using System.Text.RegularExpressions;
using Anneal.Cli.Tests.Programs;
using Anneal.Schedules;

namespace Anneal.Cli.Tests.Documentation;

/// <summary>The guide to schedules shows each of them, as the program draws it.</summary>
public sealed partial class SchedulesGuideTests : IDisposable
{
    readonly AnnealProgram anneal = new();
    readonly string guide = File.ReadAllText(Path.Combine(ReadmeTests.Root, "docs", "guide", "schedules.md"));

    [Fact]
    public void EveryFormHasASectionWithItsPicture() => Assert.All(ScheduleText.Forms, form =>
    {
        string section = Assert.Single(guide.Split("\n### ").Skip(1), section => section.StartsWith($"{form.Name}\n", StringComparison.Ordinal));
        Assert.Contains($"](../images/schedules/{form.Name}.svg)", section, StringComparison.Ordinal);
        Assert.Contains($"--svg docs/images/schedules/{form.Name}.svg", section, StringComparison.Ordinal);
        Assert.All(form.Parameters, parameter => Assert.Contains($"`{parameter.Name}`", section, StringComparison.Ordinal));
    });

    [Fact]
    public void EveryPictureIsWhatItsCommandDraws()
    {
        // To make them anew: grep '^./anneal schedule' docs/guide/schedules.md | sh
        const string Pictures = "docs/images";
        const string Timeline = "docs/guide/spec-augment.yaml";
        Directory.CreateDirectory(anneal.PathOf($"{Pictures}/schedules"));
        Directory.CreateDirectory(anneal.PathOf("docs/guide"));
        File.Copy(Path.Combine(ReadmeTests.Root, Timeline), anneal.PathOf(Timeline));
        foreach (Match command in Commands().Matches(guide))
        {
            Result result = anneal.Run([.. Words().Matches(command.Groups["arguments"].Value).Select(word => word.Value.Trim('"'))]);
            Assert.True(result.Code == 0, $"{command.Value}\n{result.Error}");
        }
        string[] drawn = PicturesIn(anneal.PathOf(Pictures));
        Assert.Equal(PicturesIn(Path.Combine(ReadmeTests.Root, Pictures)), drawn);
        Assert.All(drawn, name => Assert.Equal(File.ReadAllText(Path.Combine(ReadmeTests.Root, Pictures, name)), File.ReadAllText(anneal.PathOf($"{Pictures}/{name}"))));
    }

    public void Dispose() => anneal.Dispose();

    static string[] PicturesIn(string folder) =>
        [.. Directory.GetFiles(folder, "*.svg", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)];

    [GeneratedRegex("^\\./anneal (?<arguments>schedule .*--svg .*)$", RegexOptions.Multiline)]
    private static partial Regex Commands();

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Words();
}
