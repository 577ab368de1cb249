using System.Globalization;
using Anneal.Reports.Markup;
using Anneal.Runs;

namespace Anneal.Reports.Sections;

/// <summary>What is needed to get the same result again: commands, versions, hardware, the recipe in full.</summary>
static class ReproduceSection
{
    const string Command = "./anneal train recipe.yaml";

    public static Section Make(RunFolder run) => new("reproduce", "How to reproduce", Html.Of($"""
        {Commands(run)}
        {(run.Information is { } information ? Facts(information) : Section.Missing("Versions and hardware are not known: run.json is missing."))}
        <h3>The recipe</h3>
        {run.EarlierRecipes.Select((earlier, i) => Html.Of($"<p>Up to step {earlier.Key} the run followed another:</p>{Code($"recipe-{i + 1}", earlier.Value)}"))}
        {(run.EarlierRecipes.Count > 0 ? Html.Of($"<p>From there on:</p>") : Html.None)}{(run.Recipe is { } recipe ? Code("recipe", recipe) : Section.Missing("recipe.yaml is missing: a study writes it when it has found one."))}
        """));

    /// <summary>Text as code, with a button that copies it.</summary>
    public static Html Code(string id, string text) =>
        Html.Of($"""<div class="code"><pre id="{id}" tabindex="0">{text}</pre><button type="button" class="copy" data-copy="{id}">Copy</button></div>""");

    // The same bits need the same number of threads, which a recipe does not say.
    internal static string CommandOf(RunInformation? run) => run is null ? Command : $"{Command} --threads {run.Threads}";

    static Html Commands(RunFolder run)
    {
        Html train = run.Recipe is null
            ? Html.None
            : run.EarlierRecipes.Count > 0
            ? Html.Of($"<p>The recipe was changed by hand while the run trained. No one command leads to the same result. What it followed, and up to which step, stands below.</p>")
            : Html.Of($"<p>The same result, from the recipe in this folder:</p>{Code("train-command", CommandOf(run.Information))}");
        // A study's own run.json is its final training's, which a worker was started for.
        string? command = run.IsStudy ? run.StudyCommand : run.Information?.Command;
        Html started = command is { Length: > 0 }
            ? Html.Of($"<p>{(run.IsStudy ? "The whole study again, from nothing:" : "The command that started it:")}</p>{Code("started-command", command)}")
            : Html.None;
        return Html.Of($"{train}{started}");
    }

    static Html Facts(RunInformation run) => Html.Of($"""
        <dl class="facts">
        {Fact("Seed", run.Seed.ToString(CultureInfo.InvariantCulture))}
        {Fact("Data", run.Data)}
        {Fact("Data, SHA-256", run.DataFingerprint)}
        {Fact("Anneal", run.Anneal + (run.GitCommit is { } commit ? $", commit {commit}" : ""))}
        {Fact("libtorch", $"{run.Libtorch} in {run.LibtorchPath}")}
        {Fact("Device", $"{run.Device}, {run.Precision}, {run.Layout}")}
        {Fact("Processor", $"{run.Processor}; {run.Cores} cores, {run.Threads} threads used")}
        {Fact("System", run.System)}
        {Fact("Started", run.Started.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC")}
        </dl>
        <p class="note">The same bits come out on the same build with the same number of threads; elsewhere the result agrees within the spread of seeds.</p>
        """);

    static Html Fact(string name, string value) => Html.Of($"<div><dt>{name}</dt><dd>{value}</dd></div>");
}
