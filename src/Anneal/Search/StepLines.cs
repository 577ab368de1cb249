using Anneal.Runs;

namespace Anneal.Search;

/// <summary>What the seven steps found, as lines of JSON (<c>steps.jsonl</c>): one finding, one line.</summary>
public static class StepLines
{
    /// <summary>One line without its line break.</summary>
    public static string Write(StepFinding finding) => JsonLines.Write(finding, RunJson.Default.StepFinding);

    /// <summary>All whole findings, in order. A last line that was cut off by a kill is left out; cut it away before more is appended.</summary>
    /// <exception cref="FormatException">A line other than the last is not a finding.</exception>
    public static IReadOnlyList<StepFinding> ReadAll(TextReader reader) => JsonLines.ReadAll(reader, RunJson.Default.StepFinding, "step log");
}
