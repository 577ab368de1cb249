using System.CommandLine;
using System.Globalization;
using Anneal.Cli.Sessions;
using Anneal.Training.Recipes;
using RunFolder = Anneal.Training.Runs.RunFolder;

namespace Anneal.Cli.Commands;

/// <summary><c>anneal train</c>: follows a recipe.</summary>
static class TrainCommand
{
    internal static Command Create()
    {
        Argument<string> recipe = new("recipe") { HelpName = "recipe.yaml", Description = "The recipe to follow, a YAML file." };
        Option<string?> output = new("--out", "-o")
        {
            HelpName = "folder",
            Description = "The run's folder; it must hold no run yet. Default: runs/<time>-<recipe>.",
        };
        Command command = new("train", "Follow a recipe: train, calibrate, measure, and write it all into a folder.") { recipe, output };
        RunOptions options = new(command, resumes: false);
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(recipe);
            Recipe read = RecipeFile.Read(path, options.Overrides(parsed));
            RunFolder folder = parsed.GetValue(output) is { } name ? RunFolder.At(name) : RunFolder.New(DefaultFolder(path, DateTime.Now));
            return RunFollower.Follow(
                _ => RunSession.Begin(read, folder, options.Session(parsed)),
                options.IsJson(parsed), options.IsQuiet(parsed), options.EndsWithInput(parsed));
        });
        return command;
    }

    static string DefaultFolder(string recipe, DateTime now) =>
        Path.Combine("runs", $"{now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-{Path.GetFileNameWithoutExtension(recipe)}");
}
