using System.Globalization;

namespace Anneal.Runs;

/// <summary>The files that keep what a run followed before its recipe was changed in the middle.</summary>
public static class EarlierRecipe
{
    const string Start = "recipe-until-step-";
    const string End = ".yaml";

    /// <summary>Which files to look at, as a pattern.</summary>
    public const string Pattern = Start + "*" + End;

    /// <summary>The name of the file that keeps what was followed up to a step, such as <c>recipe-until-step-00000500.yaml</c>.</summary>
    public static string FileOf(long step) => string.Create(CultureInfo.InvariantCulture, $"{Start}{step:D8}{End}");

    /// <summary>The step up to which a file's recipe was followed; null for a file of another name.</summary>
    public static long? StepOf(string file) =>
        file.StartsWith(Start, StringComparison.Ordinal) && file.EndsWith(End, StringComparison.Ordinal) && file.Length > Start.Length + End.Length
            && long.TryParse(file.AsSpan(Start.Length, file.Length - Start.Length - End.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long step)
            ? step
            : null;
}
