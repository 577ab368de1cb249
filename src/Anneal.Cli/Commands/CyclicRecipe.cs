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
static partial class CyclicRecipe
{
    // Smith's half cycles: 2 to 10 passes over the data.
    const double ShortestHalf = 2;
    const double LongestHalf = 10;
    const double UsualHalf = 4;
    static readonly string[] Kinds = ["triangular", "triangular2", "exp-range"];

    /// <summary>Refuses a recipe whose learning rate has no pair, or whose file cannot take one: before anything is computed.</summary>
    /// <param name="path">The recipe's file.</param>
    /// <param name="recipe">The file with its overrides.</param>
    internal static void Require(string path, Recipe recipe)
    {
        if (recipe.LearningRate.Pieces is not [{ } piece] || !Kinds.Contains(piece.Name))
        {
            throw new UsageException(
                $"--write needs a recipe whose learning rate is one of {string.Join(", ", Kinds)}. Received: {recipe.LearningRate}. " +
                "Without --write the rates are shown only.");
        }
        (string text, _) = Read(path);
        WithRate(path, text, recipe.LearningRate);
        try
        {
            // A file that nobody may write is not to be replaced either.
            new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"--write needs a recipe that can be written. {e.Message} Without --write the rates are shown only.", e);
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
        (string before, Encoding encoding) = Read(path);
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
        string after = WithRate(path, before, text);
        DurableFile.Write(path, stream =>
        {
            stream.Write(encoding.GetPreamble());
            stream.Write(encoding.GetBytes(after));
        });
        return text;
    }

    // The text, and an encoding that writes it as it was: with a byte-order mark where it had one.
    static (string Text, Encoding Encoding) Read(string path)
    {
        using StreamReader reader = new(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return (reader.ReadToEnd(), reader.CurrentEncoding);
    }

    // Only the value is changed: its comment and the rest of the file stay as they are.
    static string WithRate(string path, string before, ScheduleText rate)
    {
        string after = RateLine().Replace(before, line => $"{line.Groups["key"].Value}{rate}{line.Groups["rest"].Value}");
        Recipe wanted = RecipeText.Read(before) with { LearningRate = rate };
        return RateLine().Count(before) == 1 && RecipeText.Write(RecipeText.Read(after)) == RecipeText.Write(wanted)
            ? after
            : throw new UsageException($"{path}: the rate must be on one line, 'learning-rate: ...', to be written. Write it by hand: learning-rate: {rate}");
    }

    [GeneratedRegex("""^(?<key>learning-rate[ \t]*:[ \t]+)("[^"\r\n]*"|'[^'\r\n]*'|[^\s"'][^\r\n]*?)(?<rest>([ \t]+#[^\r\n]*|[ \t]*)(?=[\r\n]|\z))""", RegexOptions.Multiline)]
    private static partial Regex RateLine();

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
