using Anneal.Training.Recipes;

namespace Anneal.Cli.Commands;

/// <summary>Reads a recipe's file; what is wrong with it is said with the file's name.</summary>
static class RecipeFile
{
    internal static Recipe Read(string path, IReadOnlyList<KeyValuePair<string, string>> overrides)
    {
        if (!File.Exists(path))
        {
            string remedy = Directory.Exists(path) && File.Exists(Path.Combine(path, "recipe.yaml"))
                ? $"To go on with a run: anneal resume {path}. To make it anew: anneal train {Path.Combine(path, "recipe.yaml")}."
                : "Ready ones are in the folder recipes.";
            throw new UsageException($"A recipe must be a YAML file. {(Directory.Exists(path) ? $"'{path}' is a folder" : $"There is no file '{path}'")}. {remedy}");
        }
        string text = File.ReadAllText(path);
        try
        {
            return RecipeText.Read(text, overrides);
        }
        catch (RecipeException e)
        {
            throw new RecipeException($"{path}: {e.Message}", e);
        }
    }
}
