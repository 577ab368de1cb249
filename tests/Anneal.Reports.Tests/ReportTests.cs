using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Anneal.Events;
using Anneal.Reports.Tests.Samples;

namespace Anneal.Reports.Tests;

public sealed class ReportTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    string SampleFolder => SampleStudy.WriteTo(Path.Combine(folder.Path, "sample"));

    [Fact]
    public void SaysWhatTheCheckedInTextSays()
    {
        string expected = new StreamReader(typeof(ReportTests).Assembly.GetManifestResourceStream("report.txt")!).ReadToEnd();
        string actual = new Page(File.ReadAllText(Report.Write(SampleFolder))).Text;
        if (actual != expected)
        {
            // To accept a wanted change, copy this file over Golden/report.txt and look at the difference.
            File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "report.actual.txt"), actual);
        }

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void IsTheSameForTheSameFolder()
    {
        string sample = SampleFolder;
        Assert.Equal(File.ReadAllText(Report.Write(sample)), File.ReadAllText(Report.Write(sample)));
        Assert.Empty(Directory.GetFiles(sample, "*.new"));
    }

    [Fact]
    public void LoadsNothingFromAnywhere()
    {
        Page page = new(Report.Render(RunFolder.Read(SampleFolder)));

        string[] loading = ["src", "href", "srcset", "data", "action", "poster", "background"];
        Assert.All(page.Attributes.Where(attribute => loading.Contains(attribute.Name.LocalName)), attribute =>
            Assert.Matches("^(#[a-z-]+|data:,|data:image/png;base64,[A-Za-z0-9+/=]+|trials/[0-9]{4}/report\\.html)$", attribute.Value));
        Assert.DoesNotContain(page.Root.Descendants(), element => element.Name.LocalName is "iframe" or "object" or "embed" or "form" or "base");
        string style = page.RawTexts[0];
        Assert.DoesNotContain("url(", style);
        Assert.DoesNotContain("@import", style);
        Assert.DoesNotContain("@font-face", style);
    }

    [Fact]
    public void AllowsItsOwnStyleAndScriptsAndNoOthers()
    {
        Page page = new(Report.Render(RunFolder.Read(SampleFolder)));
        string policy = (string)page.All("meta").Single(meta => (string?)meta.Attribute("http-equiv") == "Content-Security-Policy").Attribute("content")!;
        string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

        Assert.Equal(4, page.RawTexts.Count);
        Assert.Equal(
            $"default-src 'none'; img-src data:; style-src {Hash(page.RawTexts[0])}; script-src {Hash(page.RawTexts[2])} {Hash(page.RawTexts[3])}; base-uri 'none'; form-action 'none'",
            policy);
        // What such a policy would forbid must not be there in the first place.
        Assert.DoesNotContain(page.Attributes, attribute => attribute.Name.LocalName == "style");
    }

    [Fact]
    public void HasAnAnchorForEachLineOfItsContents()
    {
        Page page = new(Report.Render(RunFolder.Read(SampleFolder)));
        string[] ids = [.. page.Attributes.Where(attribute => attribute.Name.LocalName == "id").Select(attribute => attribute.Value)];

        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Equal(
            ["#summary", "#steps", "#range-test", "#notebook", "#curves", "#schedule", "#confusion", "#calibration", "#predictions", "#reproduce"],
            page.All("nav").Single().Descendants("a").Select(link => (string)link.Attribute("href")!));
        Assert.All(page.All("a").Select(link => (string)link.Attribute("href")!).Where(link => link.StartsWith('#')), link => Assert.Contains(link[1..], ids));
    }

    [Fact]
    public void GivesItsChartsAsJsonThatTheScriptCanDraw()
    {
        Page page = new(Report.Render(RunFolder.Read(SampleFolder)));
        using JsonDocument charts = JsonDocument.Parse(page.RawTexts[1]);

        Assert.Equal(page.Attributes.Count(attribute => attribute.Name.LocalName == "data-chart"), charts.RootElement.GetArrayLength());
        foreach (JsonElement series in charts.RootElement.EnumerateArray().SelectMany(chart => chart.GetProperty("series").EnumerateArray()))
        {
            double[] x = [.. series.GetProperty("xs").EnumerateArray().Select(value => value.GetDouble())];
            Assert.Equal(x.Length, series.GetProperty("ys").GetArrayLength());
            Assert.Equal(x.Order(), x);
        }
    }

    [Fact]
    public void StaysSmallWhenRunsAreLong()
    {
        List<TrainingEvent> events = [new RunStarted { Step = 0, Seconds = 0, Model = "m", Parameters = 1, Steps = 60_000, StepsPerEpoch = 1000, TrainingExamples = 1, ValidationExamples = 1, Classes = 2, Seed = 1 }];
        for (int step = 1; step <= 60_000; step += 10)
        {
            events.Add(new StepEnded { Step = step, Seconds = step, Epoch = step / 1000, Loss = 1 + Math.Sin(step * 0.7123), GradientNorm = 1, ExamplesPerSecond = 1, Values = new Dictionary<string, double> { ["learning-rate"] = Math.Cos(step * 1e-4), ["momentum"] = Math.Sin(step * 1e-3) } });
        }

        RunFolder run = new()
        {
            Name = "long",
            Events = events,
            Trials = [.. Enumerable.Range(1, 120).Select(number => new TrialFolder { Name = number.ToString("0000"), Events = events })],
        };

        Assert.InRange(Encoding.UTF8.GetByteCount(Report.Render(run)), 100_000, 2_000_000);
    }

    [Theory]
    [InlineData("run.json", "Versions and hardware are not known: run.json is missing.")]
    [InlineData("recipe.yaml", "recipe.yaml is missing: a study writes it when it has found one.")]
    [InlineData("events.jsonl", "The final training has not begun: the study's own events.jsonl is missing or has no measurement.")]
    [InlineData("evaluation.json", "Not measured yet: evaluation.json is missing. It is written when training has ended.")]
    [InlineData("steps.jsonl", "No step has ended yet: steps.jsonl is missing or empty.")]
    [InlineData("notebook.jsonl", "No trial has ended yet: notebook.jsonl is missing or empty.")]
    public void SaysInWordsWhatIsMissing(string file, string words)
    {
        string sample = SampleFolder;
        Assert.DoesNotContain(words, new Page(Report.Render(RunFolder.Read(sample))).Text);
        File.Delete(Path.Combine(sample, file));
        Assert.Contains(words, new Page(Report.Render(RunFolder.Read(sample))).Text);
    }

    [Fact]
    public void ReportsAnEmptyFolderWithoutAnyNumber()
    {
        Page page = new(Report.Render(RunFolder.Read(folder.Path)));
        Assert.Equal("An unknown model on unknown data, not evaluated yet", page.All("h1").Single().Value);
        Assert.Equal(6, page.All("section").Count());
        Assert.All(page.All("section"), section => Assert.Contains(section.Descendants("p"), p => (string?)p.Attribute("class") == "missing"));
    }

    [Fact]
    public void ReportsARunWithoutAStudy()
    {
        string sample = SampleFolder;
        Directory.Delete(Path.Combine(sample, "trials"), recursive: true);
        File.Delete(Path.Combine(sample, "steps.jsonl"));
        File.Delete(Path.Combine(sample, "notebook.jsonl"));

        string text = new Page(Report.Render(RunFolder.Read(sample))).Text;
        Assert.DoesNotContain("The seven steps", text);
        Assert.DoesNotContain("range test", text);
        Assert.DoesNotContain("notebook", text);
        Assert.Contains("The command that started it:", text);
        Assert.Contains("[chart] Accuracy: accuracy over epochs.", text);
        Assert.DoesNotContain("All trials", text);
    }

    // The study's own run.json is its final training's, and names the command of a worker.
    [Fact]
    public void NamesNoWorkersCommandWhereAStudysIsNotKnown()
    {
        string sample = SampleFolder;
        File.Delete(Path.Combine(sample, "study.json"));
        string text = new Page(Report.Render(RunFolder.Read(sample))).Text;
        Assert.DoesNotContain("The whole study again", text);
        Assert.DoesNotContain("anneal train runs/tune-fashion-mnist", text);
    }

    [Fact]
    public void KeepsHostileTextFromBecomingMarkup()
    {
        const string attack = "</script></style></title><img src=x onerror=alert(1)>\"'><svg onload=alert(2)>&lt;b&gt;]]>-->${1}\u0000\u001B\u202E`";
        string sample = SampleFolder;

        // Every text of every file, property names of dictionaries included, becomes the attack.
        foreach (string path in Directory.GetFiles(sample, "*.json*", SearchOption.AllDirectories))
        {
            string[] lines = [.. File.ReadAllLines(path).Select(line => Poison(JsonDocument.Parse(line).RootElement, attack))];
            File.WriteAllLines(path, lines);
        }
        File.WriteAllText(Path.Combine(sample, "recipe.yaml"), attack);

        string html = Report.Render(RunFolder.Read(sample));
        Page page = new(html);
        Page honest = new(Report.Render(RunFolder.Read(SampleStudy.WriteTo(Path.Combine(folder.Path, "honest")))));

        Assert.Empty(RunFolder.Read(sample).Problems);
        Assert.Equal(honest.RawTexts.Count, page.RawTexts.Count);
        Assert.Equal(honest.RawTexts[0], page.RawTexts[0]);
        Assert.Equal(honest.RawTexts[^1], page.RawTexts[^1]);
        Assert.DoesNotContain("<img src=x", html);
        Assert.DoesNotContain("<svg onload", html);
        Assert.DoesNotContain('<', page.RawTexts[1]);
        Assert.DoesNotContain(html, character => character is '\0' or '\u001B' or '\u202E');
        Assert.DoesNotContain(page.Attributes, attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(Names(honest), Names(page));
        Assert.Contains("<img src=x onerror=alert(1)>", page.Root.Element("head")!.Element("title")!.Value);
        Assert.Contains("<img src=x onerror=alert(1)>", page.Section("recipe").Value);

        static IEnumerable<string> Names(Page page) => page.Root.Descendants().Select(element => element.Name.LocalName).Distinct().Order();
    }

    [Theory]
    [InlineData("../../etc")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://example.com/")]
    [InlineData("trials/0099")]
    public void LinksOnlyToTrialsThatAreThere(string claimed)
    {
        string sample = SampleFolder;
        Report.Write(sample);
        string notebook = Path.Combine(sample, "notebook.jsonl");
        File.WriteAllText(notebook, File.ReadAllText(notebook).Replace("\"trials/0003\"", JsonSerializer.Serialize(claimed)));

        Page page = new(Report.Render(RunFolder.Read(sample)));
        string[] links = [.. page.Section("notebook").Descendants("a").Select(link => (string)link.Attribute("href")!).Where(link => !link.StartsWith('#'))];
        Assert.Equal(23, links.Length);
        Assert.DoesNotContain("trials/0003/report.html", links);
    }

    [Fact]
    public void LinksEachTrialToAReportOfItsOwnWhichLinksBack()
    {
        string sample = SampleFolder;
        File.WriteAllText(Path.Combine(sample, "study.json"), "{}");
        Page study = new(File.ReadAllText(Report.Write(sample)));

        string[] links = [.. study.Section("notebook").Descendants("a").Select(link => (string)link.Attribute("href")!).Where(link => !link.StartsWith('#'))];
        Assert.Equal(24, links.Length);
        foreach (string link in links)
        {
            Page trial = new(File.ReadAllText(Path.Combine(sample, link)));
            Assert.Contains("../../report.html", trial.All("a").Select(back => (string)back.Attribute("href")!));
            Assert.Equal(["#summary", "#curves", "#schedule", "#reproduce"], trial.All("nav").Single().Descendants("a").Select(line => (string)line.Attribute("href")!));
        }
    }

    [Fact]
    public void LinksToNoReportThatIsNotThere()
    {
        Page page = new(Report.Render(RunFolder.Read(SampleFolder)));
        Assert.All(page.Section("notebook").Descendants("a"), link => Assert.StartsWith("#", (string)link.Attribute("href")!));
    }

    [Fact]
    public void ATrialThatCannotBeWrittenCostsTheStudyNothing()
    {
        string sample = SampleFolder;
        // A folder stands where the file would be renamed to, which fails for root, too.
        Directory.CreateDirectory(Path.Combine(sample, "trials", "0005", "report.html"));
        Page study = new(File.ReadAllText(Report.Write(sample)));
        string[] links = [.. study.Section("notebook").Descendants("a").Select(link => (string)link.Attribute("href")!).Where(link => !link.StartsWith('#'))];
        Assert.Equal(23, links.Length);
    }

    [Theory]
    [InlineData(2, "These pictures have two channels; the first is shown, in grey.")]
    [InlineData(4, "These pictures have 4 channels; the first three are shown, as red, green and blue.")]
    public void ShowsPicturesOfAnyNumberOfChannels(int channels, string words)
    {
        string sample = SampleFolder;
        RunFolder run = RunFolder.Read(sample);
        string file = Path.Combine(sample, "evaluation.json");
        File.WriteAllText(file, JsonSerializer.Serialize(
            run.Evaluation! with
            {
                Mistakes = [.. run.Evaluation.Mistakes.Select(Widened)],
                Samples = [.. run.Evaluation.Samples.Select(Widened)],
            },
            Runs.RunJson.Default.Evaluation));

        run = RunFolder.Read(sample);
        Assert.Empty(run.Problems);
        Page page = new(Report.Render(run));
        Assert.Contains(words, page.Text);
        Assert.Equal(32, page.Section("predictions").Descendants("img").Count());

        Metrics.PredictedExample Widened(Metrics.PredictedExample example) => example with
        {
            Shape = [channels, 28, 28], Pixels = [.. Enumerable.Repeat(example.Pixels, channels).SelectMany(plane => plane)],
        };
    }

    [Fact]
    public void ShowsEachTrialsAccuracyOverItsRate()
    {
        Page page = new(Report.Render(RunFolder.Read(SampleFolder)));
        using JsonDocument charts = JsonDocument.Parse(page.RawTexts[1]);
        JsonElement scatter = charts.RootElement.EnumerateArray().Single(chart => chart.GetProperty("title").GetString()!.EndsWith("learning rate") && chart.GetProperty("percent").GetBoolean());

        Assert.True(scatter.GetProperty("logX").GetBoolean());
        string[] trials = [.. scatter.GetProperty("series").EnumerateArray().SelectMany(series => series.GetProperty("labels").EnumerateArray()).Select(label => label.GetString()!)];
        Assert.Equal(trials.Length, trials.Distinct().Count());
        Assert.Contains("trial 21", trials);
    }

    [Fact]
    public void GivesTheStepAndTheTimeOfEachPointOfACurve()
    {
        Page page = new(Report.Render(RunFolder.Read(SampleFolder)));
        using JsonDocument charts = JsonDocument.Parse(page.RawTexts[1]);
        foreach (JsonElement series in charts.RootElement.EnumerateArray().Where(chart => chart.GetProperty("x").GetString() == "epochs").SelectMany(chart => chart.GetProperty("series").EnumerateArray()))
        {
            JsonElement axes = series.GetProperty("axes");
            Assert.Equal(430, axes.GetProperty("steps").GetDouble());
            Assert.Equal(series.GetProperty("xs").GetArrayLength(), axes.GetProperty("time").GetArrayLength());
        }
    }

    // The words by which the report tells kinds apart stay: another event kind or split is another page.
    static string Poison(JsonElement value, string attack)
    {
        string[] kept = ["event", "split", "started", "folder", "pixels"];
        return JsonSerializer.Serialize(Change(value, ""));

        object? Change(JsonElement element, string name) => element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().ToDictionary(
                property => name is "numbers" or "change" or "values" ? property.Name + attack : property.Name,
                property => Change(property.Value, property.Name)),
            JsonValueKind.Array => element.EnumerateArray().Select(item => Change(item, "")).ToArray(),
            JsonValueKind.String when !kept.Contains(name) => attack,
            _ => element,
        };
    }
}
