using System.Text;
using System.Text.RegularExpressions;
using Anneal.Curves;
using Anneal.Durations;
using Anneal.Schedules;
using Anneal.Text;
using Anneal.Torch.Serialization;
using Anneal.Training.Recipes;

namespace Anneal.Cli.Commands;

/// <summary>Writes the pair of rates that a range test found into a recipe with a cyclic learning rate.</summary>
static class CyclicRecipe
{
    // Smith's half cycles: 2 to 10 passes over the data.
    const double ShortestHalf = 2;
    const double LongestHalf = 10;
    const double UsualHalf = 4;
    static readonly string[] Kinds = ["triangular", "triangular2", "exp-range"];

    /// <summary>Refuses a recipe whose learning rate has no pair.</summary>
    internal static void Require(Recipe recipe)
    {
        if (recipe.LearningRate.Pieces is not [{ } piece] || !Kinds.Contains(piece.Name))
        {
            throw new UsageException(
                $"--write needs a recipe whose learning rate is one of {string.Join(", ", Kinds)}. Received: {recipe.LearningRate}. " +
                "Without --write the rates are shown only.");
        }
    }

    /// <summary>Writes the pair, and a half cycle of 2 to 10 passes, in place of the recipe's own.</summary>
    /// <param name="path">The recipe's file. Only the line of the rate changes.</param>
    /// <param name="recipe">What was tested: the file with its overrides.</param>
    /// <param name="length">Its run's length.</param>
    /// <param name="cycle">The pair.</param>
    /// <returns>The new rate.</returns>
    internal static ScheduleText Write(string path, Recipe recipe, RunLength length, RateRange cycle)
    {
        SchedulePiece piece = recipe.LearningRate.Pieces[0];
        string before = File.ReadAllText(path);
        // Where the file's rate follows the batch size it is written as for the reference.
        double scale = RecipeText.Read(before).BatchScaling is { } scaling ? (scaling with { Factor = null }).For(length.BatchSize) : 1;
        Dictionary<string, string> found = new()
        {
            ["min"] = NumberText.Format(NumberText.Rounded(cycle.Minimum / scale)),
            ["max"] = NumberText.Format(NumberText.Rounded(cycle.Maximum / scale)),
            ["half"] = Half(piece, length).ToString(),
        };
        IEnumerable<string> arguments = found.Select(value => $"{value.Key}={value.Value}")
            .Concat(piece.Arguments.Where(argument => !found.ContainsKey(argument.Name)).Select(argument => $"{argument.Name}={argument.Value}"));
        ScheduleText text = $"{piece.Name}({string.Join(", ", arguments)})";
        // Only this line is changed: comments and the rest of the file stay as they are.
        string after = Regex.Replace(before, @"^learning-rate:[^\r\n]*", $"learning-rate: {text}", RegexOptions.Multiline);
        Recipe wanted = RecipeText.Read(before) with { LearningRate = text };
        if (RecipeText.Write(RecipeText.Read(after)) != RecipeText.Write(wanted))
        {
            throw new UsageException($"{path}: the rate must be on one line, 'learning-rate: ...', to be written. Write it by hand: learning-rate: {text}");
        }
        DurableFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(after)));
        return text;
    }

    // The recipe's own where it is within Smith's bounds; else four passes, or fewer where a whole cycle would not fit into the run.
    static Duration Half(SchedulePiece piece, RunLength length)
    {
        string? own = piece.Arguments.FirstOrDefault(argument => argument.Name == "half")?.Value;
        if (own is not null && Duration.TryParse(own, out Duration half)
            && half.InSteps(length) / length.StepsPerEpoch is >= ShortestHalf and <= LongestHalf)
        {
            return half;
        }
        double epochs = (double)length.Steps / length.StepsPerEpoch;
        return Duration.Epochs(Math.Clamp(Math.Floor(epochs / 2), ShortestHalf, UsualHalf));
    }
}
