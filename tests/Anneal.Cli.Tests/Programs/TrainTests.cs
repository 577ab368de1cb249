using System.Text.Json;
using Anneal.Events;
using Anneal.Metrics;
using Anneal.Runs;
using Anneal.Testing;
using Anneal.Torch;
using Anneal.Training.Evaluation;
using Anneal.Training.Recipes;

namespace Anneal.Cli.Tests.Programs;

/// <summary>One run, looked at from all sides.</summary>
public sealed class TrainTests : IClassFixture<TrainTests.FinishedRun>
{
    readonly FinishedRun run;

    public TrainTests(FinishedRun run) => this.run = run;

    [Fact]
    public void EndsWellAndQuietly()
    {
        Assert.Equal("", run.Trained.Error);
        Assert.Equal(0, run.Trained.Code);
    }

    [Fact]
    public void WritesTheEventsToStandardOutputAsToTheFolder() =>
        Assert.Equal(File.ReadAllText(run.PathOf("events.jsonl")), run.Trained.Output);

    [Fact]
    public void TellsTheRunFromItsBeginningToItsEnd()
    {
        IReadOnlyList<TrainingEvent> events = EventLines.ReadAll(new StringReader(run.Trained.Output));
        RunStarted started = Assert.IsType<RunStarted>(events[0]);
        Assert.Equal(("mlp", 27L, 9L, 180L, 20L, 4), (started.Model, started.Steps, started.StepsPerEpoch, started.TrainingExamples, started.ValidationExamples, started.Classes));
        Assert.Equal([3L, 6, 9, 12, 15, 18, 21, 24, 27], events.OfType<StepEnded>().Select(step => step.Step));
        Assert.Equal([0, 1, 2], events.OfType<EpochEnded>().Select(epoch => epoch.Epoch));
        Assert.Equal([9L, 18, 27], events.OfType<Evaluated>().Select(evaluated => evaluated.Step));
        Assert.Equal("completed", Assert.IsType<RunEnded>(events[^1]).Outcome);
    }

    [Fact]
    public void WritesTheRecipeWithAllItsValues()
    {
        Recipe recipe = RecipeText.Read(File.ReadAllText(run.PathOf("recipe.yaml")));
        Recipe given = RecipeText.Read(AnnealProgram.Recipe);
        Assert.Equal(given.LearningRate, recipe.LearningRate);
        Assert.Equal(7ul, recipe.Seed);
        Assert.Equal(Precision.Float32, recipe.Precision);
        Assert.Equal(Layout.Contiguous, recipe.Layout);
        Assert.Equal(run.Program.PathOf("data"), recipe.Data);
    }

    [Fact]
    public void WritesWhereAndWithWhatItRan()
    {
        RunInformation information = JsonSerializer.Deserialize(File.ReadAllText(run.PathOf("run.json")), RunJson.Default.RunInformation)!;
        Assert.Equal((7ul, 1, "cpu", "float32", "contiguous"), (information.Seed, information.Threads, information.Device, information.Precision, information.Layout));
        Assert.Equal(Engine.Version, information.Libtorch);
        Assert.True(File.Exists(information.LibtorchPath));
        Assert.Equal(["0", "1", "2", "3"], information.Classes);
        Assert.Equal(64, information.DataFingerprint.Length);
        Assert.Equal("anneal train recipe.yaml --out run --seed 7 --threads 1 --json --quiet", information.Command);
        Assert.Null(information.GitCommit);
    }

    [Fact]
    public void WritesEverythingElseThatARunHas()
    {
        foreach (string file in new[] { "report.html", "summary.csv", "model.safetensors", "evaluation.json" })
        {
            Assert.True(new FileInfo(run.PathOf(file)).Length > 0, file);
        }
        Assert.Single(Directory.GetFiles(run.PathOf(""), "events.out.tfevents.*"));
        Assert.Equal(4, File.ReadAllLines(run.PathOf("summary.csv")).Length);
        Assert.Contains("step-00000027.safetensors", Directory.GetFiles(run.PathOf("checkpoints")).Select(Path.GetFileName));
    }

    [Fact]
    public void MeasuresTheModelThatItWrites()
    {
        Evaluation evaluation = JsonSerializer.Deserialize(File.ReadAllText(run.PathOf("evaluation.json")), RunJson.Default.Evaluation)!;
        using TrainedModel model = TrainedModel.Load(run.PathOf("model.safetensors"), Device.Cpu);
        using Training.Data.Dataset data = Training.Data.Dataset.Open(run.Program.PathOf("data"));
        Evaluation again = SplitEvaluation.Measure("test", data.Test, null, model.Logits(data.Test), model.Classes, model.Temperature);
        Assert.Equal(evaluation.Accuracy, again.Accuracy);
        Assert.Equal(evaluation.Confusion, again.Confusion);
        Assert.Equal(evaluation.Loss, again.Loss, 1e-6);
        Assert.Equal(evaluation.Temperature, again.Temperature);
        Assert.Equal(evaluation.Mistakes.Select(mistake => mistake.Index), again.Mistakes.Select(mistake => mistake.Index));
        Assert.Equal(evaluation.Samples[3].Pixels, data.Test.Pixels(evaluation.Samples[3].Index));
    }

    [Fact]
    public void PredictsWithTheModel()
    {
        Result result = run.Program.Run("predict", "run", "5", "--top", "2", "--threads", "1");
        string[] lines = result.Output.TrimEnd().Split('\n');
        Assert.Equal(("image,rank,class,probability", 3, 0), (lines[0], lines.Length, result.Code));
        Assert.StartsWith("5,1,", lines[1]);
        Assert.StartsWith("5,2,", lines[2]);
    }

    [Fact]
    public void ACheckpointIsAModel()
    {
        using TrainedModel last = TrainedModel.Load(run.PathOf("checkpoints/step-00000027.safetensors"), Device.Cpu);
        using TrainedModel final = TrainedModel.Load(run.PathOf("model.safetensors"), Device.Cpu);
        using Training.Data.Dataset data = Training.Data.Dataset.Open(run.Program.PathOf("data"));
        Assert.Equal(final.Logits(data.Test), last.Logits(data.Test));
        Assert.Equal(1, last.Temperature);

        Result result = run.Program.Run("evaluate", "run/checkpoints/step-00000027.safetensors", "--threads", "1");
        Assert.Equal((0, ""), (result.Code, result.Error));
    }

    [Theory]
    [InlineData(2, "A run goes on with the seed it began with, 7. Received: 8.", "resume", "unfinished", "--set", "seed=8")]
    [InlineData(2, "--seed must be a whole number of at least 0. Received: abc.", "train", "recipe.yaml", "--seed", "abc")]
    [InlineData(2, "A study goes on with the command that began it, anneal tune <data> --out study", "resume", "study")]
    [InlineData(3, "To finish the study: anneal tune <data> --out study", "evaluate", "study")]
    [InlineData(3, "'data' is a folder.", "predict", "run", "data")]
    public void SaysWhatCanBeDone(int code, string message, params string[] arguments)
    {
        foreach ((string folder, string[] files) in new[] { ("unfinished", new[] { "recipe.yaml", "run.json" }), ("study", ["recipe.yaml"]) })
        {
            Directory.CreateDirectory(run.Program.PathOf($"elsewhere/{folder}"));
            foreach (string file in files)
            {
                File.Copy(run.PathOf(file), run.Program.PathOf($"elsewhere/{folder}/{file}"), overwrite: true);
            }
        }
        File.WriteAllText(run.Program.PathOf("elsewhere/study/steps.jsonl"), "");
        Result result = run.Program.Run([.. arguments.Select(argument => argument is "unfinished" or "study" ? "elsewhere/" + argument : argument)]);
        Assert.Contains(message.Replace("--out study", "--out elsewhere/study"), result.Error);
        Assert.Equal(code, result.Code);
    }

    // Whoever makes a trial again types nothing of what a study says to its workers.
    [Fact]
    public void KeepsACommandThatOneWouldType()
    {
        Result result = run.Program.Run(
            "train", "recipe.yaml", "--out", "elsewhere/worker", "--set", "duration=1st", "--json", "--quiet", "--no-report", "--end-with-input", "--no-evaluate", "--threads", "1");
        Assert.Equal(0, result.Code);
        RunInformation information = JsonSerializer.Deserialize(File.ReadAllText(run.Program.PathOf("elsewhere/worker/run.json")), RunJson.Default.RunInformation)!;
        Assert.Equal("anneal train recipe.yaml --out elsewhere/worker --set duration=1st --threads 1", information.Command);
    }

    [Fact]
    public void NamesTheCommandThatBeganAStudy()
    {
        Directory.CreateDirectory(run.Program.PathOf("elsewhere/begun"));
        File.WriteAllText(run.Program.PathOf("elsewhere/begun/steps.jsonl"), "");
        File.WriteAllText(run.Program.PathOf("elsewhere/begun/recipe.yaml"), "data: data\n");
        File.WriteAllText(run.Program.PathOf("elsewhere/begun/study.json"), """{"recipe": "", "command": "anneal tune data --out elsewhere/begun --seed 3"}""");
        Assert.Contains("anneal tune data --out elsewhere/begun --seed 3", run.Program.Run("resume", "elsewhere/begun").Error);
        Assert.Contains("anneal tune data --out elsewhere/begun --seed 3", run.Program.Run("evaluate", "elsewhere/begun").Error);
    }

    [Fact]
    public void RefusesToTrainInAFolderThatHasARun()
    {
        Result result = run.Program.Run("train", "recipe.yaml", "--out", "run");
        Assert.Contains("A run must start in a folder of its own.", result.Error);
        Assert.Equal(1, result.Code);
    }

    [Fact]
    public void SaysThatAFinishedRunIsFinished()
    {
        Result result = run.Program.Run("resume", "run");
        Assert.Contains("This run is finished: All 27 steps", result.Error);
        Assert.Equal(0, result.Code);
    }

    [Fact]
    public void IsListedAmongTheRuns()
    {
        string[] lines = run.Program.Run("runs", ".").Output.TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Matches(@"^run +mlp +data +completed +\d+\.\d\d % +\d+\.\d\d % +0:0\d$", lines[1]);
    }

    [Fact]
    public void IsListedAmongTheTrialsOfAStudy()
    {
        using TemporaryFolder study = new();
        foreach (string trial in new[] { "trials/0001", "trials/0002" })
        {
            Directory.CreateDirectory(study.File(trial));
            foreach (string file in new[] { "recipe.yaml", "events.jsonl" })
            {
                File.Copy(run.PathOf(file), study.File($"{trial}/{file}"));
            }
        }
        string[] lines = run.Program.Run("runs", study.Path).Output.TrimEnd().Split('\n');
        Assert.Equal(["trials/0001", "trials/0002"], lines[1..].Select(line => line.Split(' ')[0]));
    }

    public sealed class FinishedRun : IDisposable
    {
        public FinishedRun() =>
            Trained = Program.Run("train", "recipe.yaml", "--out", "run", "--seed", "7", "--threads", "1", "--json", "--quiet");

        public AnnealProgram Program { get; } = new();

        public Result Trained { get; }

        public string PathOf(string file) => Path.Combine(Program.PathOf("run"), file);

        public void Dispose() => Program.Dispose();
    }
}
