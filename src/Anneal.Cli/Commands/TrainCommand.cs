using System.CommandLine;
using System.Globalization;
using Anneal.Cli.Sessions;
using Anneal.Training.Recipes;

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
            string folder = parsed.GetValue(output) ?? DefaultFolder(path, DateTime.Now);
            return RunFollower.Follow(
                _ => RunSession.Begin(read, folder, options.Session(parsed)),
                options.IsJson(parsed), options.IsQuiet(parsed), options.EndsWithInput(parsed));
        });
        return command;
    }

    static string DefaultFolder(string recipe, DateTime now)
    {
        string name = $"{now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-{Path.GetFileNameWithoutExtension(recipe)}";
        string folder = Path.Combine("runs", name);
        for (int i = 2; Directory.Exists(folder); i++)
        {
            folder = Path.Combine("runs", $"{name}-{i}");
        }
        return folder;
    }
}
