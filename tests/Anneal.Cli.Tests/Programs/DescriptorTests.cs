using System.Diagnostics;

namespace Anneal.Cli.Tests.Programs;

/// <summary>A closed descriptor is as good as <c>/dev/null</c>: it changes nothing but what would have been seen through it.</summary>
public sealed class DescriptorTests : IClassFixture<DescriptorTests.FinishedRun>
{
    const string All = "0<&- 1>&- 2>&-";

    static readonly string[] Each = ["0<&-", "1>&-", "2>&-", All];

    readonly FinishedRun run;

    public DescriptorTests(FinishedRun run) => this.run = run;

    AnnealProgram Anneal => run.Program;

    [Theory]
    [InlineData(0, "--help")]
    [InlineData(2, "trian")]
    [InlineData(3, "inspect", "/nonexistent")]
    [InlineData(0, "inspect", "data")]
    [InlineData(0, "schedule", "cosine(from=1, to=0)", "--steps", "5", "--csv")]
    [InlineData(2, "lr-find", "recipe.yaml", "--iterations", "1")]
    [InlineData(0, "runs", ".")]
    [InlineData(0, "doctor", "run")]
    [InlineData(0, "report", "run")]
    [InlineData(0, "resume", "run")]
    [InlineData(0, "evaluate", "run", "--threads", "1")]
    [InlineData(0, "predict", "run", "7", "--threads", "1")]
    [InlineData(3, "tune", "nowhere")]
    public void ChangesNothingElse(int code, params string[] arguments)
    {
        Result open = Anneal.Run(arguments);
        Assert.Equal(code, open.Code);
        (string Closed, Process Process)[] started = [.. Each.Select(closed => (closed, Anneal.StartWith(closed, arguments)))];
        foreach ((string closed, Process process) in started)
        {
            Result result = AnnealProgram.Finish(process);
            Assert.Equal((closed, code), (closed, result.Code));
            Assert.Equal(closed.Contains("1>") ? "" : open.Output, result.Output);
            Assert.Equal(closed.Contains("2>") ? "" : open.Error, result.Error);
        }
    }

    [Theory]
    [InlineData("0<&-")]
    [InlineData("1>&-")]
    [InlineData("2>&-")]
    [InlineData(All)]
    public void ARunIsWholeAndHasNoMessageInAFile(string closed)
    {
        string folder = $"closed-{closed.Length}{closed[0]}";
        Assert.Equal(0, Anneal.RunWith(closed, "train", "recipe.yaml", "--threads", "1", "--out", folder).Code);
        SavedRun.AssertSame(Anneal.PathOf("run"), Anneal.PathOf(folder));
        foreach (string file in Directory.GetFiles(Anneal.PathOf(folder), "*", SearchOption.AllDirectories))
        {
            string text = File.ReadAllText(file, System.Text.Encoding.Latin1);
            Assert.DoesNotContain("epoch 1/3", text);
            Assert.DoesNotContain("training time  ", text);
        }
    }

    [Theory]
    [InlineData(1, "Standard output must take the results. Received: No space left on device", ">/dev/full", "inspect", "data")]
    [InlineData(1, "Standard output must take the results. Received: it is not open for writing", "1</dev/null", "inspect", "data")]
    [InlineData(0, "the training goes on", ">/dev/full", "train", "recipe.yaml", "--out", "full-json", "--threads", "1", "--json", "--quiet")]
    [InlineData(0, "The summary could not be written; the run is whole, in full.", ">/dev/full", "train", "recipe.yaml", "--out", "full", "--threads", "1", "--quiet")]
    [InlineData(0, "", "2>/dev/full", "train", "recipe.yaml", "--out", "full-error", "--threads", "1")]
    [InlineData(0, "", "2</dev/null", "train", "recipe.yaml", "--out", "read-error", "--threads", "1")]
    [InlineData(3, "", "2>/dev/full", "inspect", "/nonexistent")]
    [InlineData(143, "Saved. To go on: anneal resume folder-input", "</", "train", "recipe.yaml", "--out", "folder-input", "--threads", "1", "--end-with-input", "--set", "duration=1000000ep")]
    [InlineData(143, "Saved. To go on: anneal resume write-input", "0>/dev/null", "train", "recipe.yaml", "--out", "write-input", "--threads", "1", "--end-with-input", "--set", "duration=1000000ep")]
    public void WhatCannotBeWrittenOrReadIsSaid(int code, string message, string redirection, params string[] arguments)
    {
        Result result = Anneal.RunWith(redirection, arguments);
        Assert.Contains(message, result.Error);
        Assert.Equal(code, result.Code);
    }

    [Fact]
    public void AReaderThatHasSeenEnoughIsNoFailure()
    {
        Result result = Anneal.Shell("anneal schedule 'cosine(from=1, to=0)' --steps 200000 --csv | head -n 1; exit ${PIPESTATUS[0]}");
        Assert.Equal((0, "step,value\n", ""), (result.Code, result.Output, result.Error));
    }

    public sealed class FinishedRun : IDisposable
    {
        public FinishedRun() => Assert.Equal(0, Program.Run("train", "recipe.yaml", "--threads", "1", "--out", "run", "--quiet").Code);

        public AnnealProgram Program { get; } = new();

        public void Dispose() => Program.Dispose();
    }
}
