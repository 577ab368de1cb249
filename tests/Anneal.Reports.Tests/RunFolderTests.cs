using System.Text.Json.Nodes;
using Anneal.Events;
using Anneal.Reports.Tests.Samples;

namespace Anneal.Reports.Tests;

public sealed class RunFolderTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static string Step(long step, double loss = 1) => EventLines.Write(new StepEnded
    {
        Step = step, Seconds = step, Epoch = 0, Loss = loss, GradientNorm = 1, ExamplesPerSecond = 1, Values = new Dictionary<string, double>(),
    });

    [Fact]
    public void ReadsAllPartsOfAStudy()
    {
        RunFolder run = RunFolder.Read(SampleStudy.WriteTo(Path.Combine(folder.Path, "a study")));

        Assert.Equal("a study", run.Name);
        Assert.Equal("fashion-mnist", run.Information!.Data);
        Assert.Equal(0.9322, run.Evaluation!.Accuracy);
        Assert.Equal(10, run.Steps.Count);
        Assert.Equal(24, run.Notebook.Count);
        Assert.Equal(Enumerable.Range(1, 24), run.Trials.Select(trial => trial.Number!.Value));
        Assert.All(run.Trials, trial => Assert.IsType<RunStarted>(trial.Events[0]));
        Assert.Contains("one-cycle", run.Recipe);
        Assert.True(run.IsStudy);
        Assert.Empty(run.Problems);
    }

    [Fact]
    public void ShowsEveryRecipeOfARunThatWasChangedOnItsWay()
    {
        string path = folder.Path;
        File.WriteAllText(Path.Combine(path, "recipe.yaml"), "learning-rate: 0.03\n");
        File.WriteAllText(Path.Combine(path, "recipe-until-step-100000000.yaml"), "learning-rate: 0.02\n");
        File.WriteAllText(Path.Combine(path, "recipe-until-step-00000500.yaml"), "learning-rate: 0.01 # <&\n");

        File.WriteAllText(Path.Combine(path, "recipe-until-step-mine.yaml"), "learning-rate: 7\n");

        RunFolder run = RunFolder.Read(path);
        Assert.Equal([500, 100_000_000], run.EarlierRecipes.Select(earlier => earlier.Key));
        string text = new Page(Report.Render(run)).Text;
        string[] expected = ["changed by hand", "Up to step 500", "0.01 # <&", "Up to step 100000000", "learning-rate: 0.02", "From there on", "learning-rate: 0.03"];
        int[] places = [.. expected.Select(words => text.IndexOf(words, StringComparison.Ordinal))];
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
        Assert.DoesNotContain("./anneal train recipe.yaml", text);
    }

    [Fact]
    public void RefusesAFolderThatIsNotThere()
    {
        DirectoryNotFoundException e = Assert.Throws<DirectoryNotFoundException>(() => RunFolder.Read(Path.Combine(folder.Path, "none")));
        Assert.Contains("There is no folder", e.Message);
    }

    [Fact]
    public void NamesAMalformedLineAndKeepsTheRest()
    {
        folder.Write("events.jsonl", Step(1) + "\n{\"event\":\"step\",\"step\":2}\n" + Step(3) + "\n");
        RunFolder run = RunFolder.Read(folder.Path);

        Assert.Equal([1, 3], run.Events.Select(happened => happened.Step));
        ReadingProblem problem = Assert.Single(run.Problems);
        Assert.Equal(("events.jsonl", 2), (problem.File, problem.Line));
        Assert.Contains("events.jsonl, line 2", Report.Render(run));
    }

    [Fact]
    public void LeavesOutALastLineThatIsStillBeingWritten()
    {
        folder.Write("events.jsonl", Step(1) + "\n" + Step(2)[..30]);
        RunFolder run = RunFolder.Read(folder.Path);

        Assert.Single(run.Events);
        Assert.Empty(run.Problems);
    }

    [Fact]
    public void CountsWhatAResumedRunMadeAgainOnce()
    {
        string resumed = EventLines.Write(new RunResumed { Step = 10, Seconds = 10, File = "a" });
        folder.Write("events.jsonl", string.Join('\n', Step(10), Step(20, 5), resumed, Step(20, 7)) + "\n");
        RunFolder run = RunFolder.Read(folder.Path);

        Assert.Equal([10, 10, 20], run.Events.Select(happened => happened.Step));
        Assert.Equal(7, Assert.IsType<StepEnded>(run.Events[^1]).Loss);
    }

    [Theory]
    [InlineData("run.json", "{")]
    [InlineData("run.json", "null")]
    [InlineData("run.json", "[1, 2]")]
    [InlineData("study.json", "{")]
    [InlineData("study.json", "[1, 2]")]
    [InlineData("study.json", "{\"command\": 7}")]
    [InlineData("evaluation.json", "{\"split\": \"test\"}")]
    [InlineData("steps.jsonl", "{\"step\": \"one\"}\n")]
    [InlineData("notebook.jsonl", "not json\n")]
    public void NamesAFileThatIsNotWhatItShouldBe(string file, string text)
    {
        folder.Write(file, text);
        RunFolder run = RunFolder.Read(folder.Path);

        Assert.Equal(file, Assert.Single(run.Problems).File);
        Assert.Contains(file, new Page(Report.Render(run)).Section("summary").Value);
    }

    [Theory]
    [InlineData("\"pixels\":\"", "\"pixels\":\"AAAA", "do not fit|does not fit")]
    [InlineData("\"label\":", "\"label\":1", "does not fit")]
    [InlineData("\"shape\":[1,", "\"shape\":[2,", "does not fit")]
    [InlineData("\"confusion\":[[", "\"confusion\":[[1],[", "confusion matrix")]
    [InlineData("\"confusion\":[[", "\"confusion\":[[-", "confusion matrix")]
    [InlineData("\"upper\":0.", "\"upper\":7.", "Reliability bins")]
    [InlineData("\"samples\":[", "\"samples\":[null,", "does not fit")]
    public void LeavesOutPartsOfAnEvaluationThatCannotBe(string from, string to, string complaint)
    {
        string sample = SampleStudy.WriteTo(Path.Combine(folder.Path, "sample"));
        string path = Path.Combine(sample, "evaluation.json");
        string changed = File.ReadAllText(path).Replace(from, to);
        File.WriteAllText(path, changed);
        RunFolder run = RunFolder.Read(sample);

        Assert.NotNull(run.Evaluation);
        Assert.NotEmpty(run.Problems);
        Assert.All(run.Problems, problem => Assert.Matches(complaint.Replace("does not fit", "do(es)? not fit"), problem.Message));
        Assert.Contains("Not everything in this folder could be read", new Page(Report.Render(run)).Text);
    }

    [Fact]
    public void NoNullInAnyPlaceStopsTheReport()
    {
        string sample = SampleStudy.WriteTo(Path.Combine(folder.Path, "sample"));
        foreach (string file in (string[])["run.json", "evaluation.json", "steps.jsonl", "notebook.jsonl", "events.jsonl"])
        {
            // Alone in a folder, so that two hundred pages are soon made.
            string alone = Directory.CreateDirectory(Path.Combine(folder.Path, file + " alone")).FullName;
            string path = Path.Combine(alone, file);
            string[] lines = File.ReadAllLines(Path.Combine(sample, file));
            // The third step has curves and suggestions; of the others the first line has every kind of value.
            int line = file == "steps.jsonl" ? 2 : 0;
            string whole = lines[line];
            int places = CountPlaces(JsonNode.Parse(whole)!);
            Assert.InRange(places, 5, 200);
            for (int place = 0; place < places; place++)
            {
                JsonNode root = JsonNode.Parse(whole)!;
                int left = place;
                PutNull(root, ref left);
                lines[line] = root.ToJsonString();
                File.WriteAllLines(path, lines);
                Assert.EndsWith("</html>\n", Report.Render(RunFolder.Read(alone)));
            }
        }
    }

    static int CountPlaces(JsonNode root)
    {
        int far = int.MaxValue;
        PutNull(root, ref far);
        return int.MaxValue - far;
    }

    // Puts null in the place that many values from the start; of a list only the first item counts, for the rest are of its kind.
    static bool PutNull(JsonNode node, ref int left)
    {
        switch (node)
        {
            case JsonObject properties:
                foreach ((string? name, JsonNode? value) in properties.ToArray())
                {
                    if (left-- == 0)
                    {
                        properties[name] = null;
                        return true;
                    }
                    if (value is not null && PutNull(value, ref left))
                    {
                        return true;
                    }
                }
                return false;
            case JsonArray { Count: > 0 } items:
                if (left-- == 0)
                {
                    items[0] = null;
                    return true;
                }
                return items[0] is { } first && PutNull(first, ref left);
            default:
                return false;
        }
    }
}
