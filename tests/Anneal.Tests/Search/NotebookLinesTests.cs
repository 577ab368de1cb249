using Anneal.Search;

namespace Anneal.Tests.Search;

public class NotebookLinesTests
{
    static readonly NotebookEntry Entry = new()
    {
        Trial = 12,
        Parent = 3,
        Step = 5,
        Hypothesis = "A third of the rate ends the divergence.",
        Change = new Dictionary<string, string> { ["learning-rate"] = "0.033" },
        Outcome = "completed",
        ValidationAccuracy = 0.91,
        ValidationLoss = double.NaN,
        Epochs = 3,
        Seconds = 12.5,
        Diagnoses = ["still-rising"],
        Conclusion = "It did: 91.0 %, and still rising.",
        Folder = "trials/0012",
    };

    [Fact]
    public void WritesOneLineOfKebabCase()
    {
        string line = NotebookLines.Write(Entry);
        Assert.DoesNotContain('\n', line);
        Assert.StartsWith("""{"trial":12,"parent":3,"step":5,""", line);
        Assert.Contains("""
            "validation-accuracy":0.91,"validation-loss":"NaN",
            """, line);
    }

    [Fact]
    public void ReadsBackWhatItWrote()
    {
        NotebookEntry read = NotebookLines.ReadAll(new StringReader(NotebookLines.Write(Entry) + "\n")).Single();
        Assert.Equal(NotebookLines.Write(Entry), NotebookLines.Write(read));
        Assert.Equal(Entry.Change, read.Change);
    }

    [Fact]
    public void LeavesOutALastLineCutOffAnywhere()
    {
        string line = NotebookLines.Write(Entry);
        for (int length = 0; length < line.Length; length++)
        {
            Assert.Equal(2, NotebookLines.ReadAll(new StringReader($"{line}\n{line}\n{line[..length]}")).Count);
        }
        Assert.Equal(3, NotebookLines.ReadAll(new StringReader($"{line}\n{line}\n{line}")).Count);
    }

    [Fact]
    public void NamesABrokenLineThatIsNotTheLast()
    {
        string line = NotebookLines.Write(Entry);
        FormatException e = Assert.Throws<FormatException>(() => NotebookLines.ReadAll(new StringReader($"{line}\n{line[..20]}\n{line}\n")));
        Assert.StartsWith("""Each line of a notebook must be one whole JSON object. Received in line 2: {"trial":12,"parent" """.TrimEnd(), e.Message);
    }

    [Fact]
    public void OfAnEmptyFileAreNone() => Assert.Empty(NotebookLines.ReadAll(new StringReader("")));

    [Fact]
    public void OfStepsReadBackToo()
    {
        StepFinding finding = new()
        {
            Step = 3,
            Title = "Find the learning rate that makes the loss go down",
            Passed = true,
            Finding = "The loss falls fastest at 0.03.",
            Numbers = new Dictionary<string, double> { ["lowest"] = double.PositiveInfinity },
            Curves = [new NamedCurve { Name = "smoothed loss", X = [1, 2], Y = [3, double.NaN] }],
            Suggestions = [new SuggestedRate { Rule = "valley", Rate = 0.03, Reason = "Halfway down." }],
            Seconds = 2,
        };
        string line = StepLines.Write(finding);
        StepFinding read = StepLines.ReadAll(new StringReader(line)).Single();
        Assert.Equal(line, StepLines.Write(read));
        Assert.Equal([3, double.NaN], read.Curves[0].Y);
        Assert.Empty(StepLines.ReadAll(new StringReader(line[..^1])));
    }
}
