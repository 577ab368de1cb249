using System.Diagnostics;
using Anneal.Events;

namespace Anneal.Cli.Tests.Programs;

public sealed class InterruptedRunTests : IDisposable
{
    readonly AnnealProgram anneal = new();

    [Fact]
    public void FinishesItsStepSavesAndSaysHowToGoOn()
    {
        Result terminated = Interrupt("-TERM", "train", "recipe.yaml", "--out", "run", "--threads", "1", "--set", "duration=1000000ep");
        Assert.Equal(143, terminated.Code);
        Assert.Contains("Saved. To go on: anneal resume run", terminated.Error);
        RunEnded first = Assert.IsType<RunEnded>(Events()[^1]);
        Assert.Equal("interrupted", first.Outcome);
        Assert.EndsWith($"step-{first.Step:D8}.safetensors", SavedRun.NewestCheckpoint(anneal.PathOf("run")));

        Result interrupted = Interrupt("-INT", "resume", "run");
        Assert.Equal(130, interrupted.Code);
        IReadOnlyList<TrainingEvent> events = Events();
        Assert.Equal(first.Step, Assert.Single(events.OfType<RunResumed>()).Step);
        Assert.True(Assert.IsType<RunEnded>(events[^1]).Step > first.Step);
        Assert.Single(events.OfType<RunEnded>());
        Assert.Equal(events.OfType<StepEnded>().Select(step => step.Step), Enumerable.Range(1, events.OfType<StepEnded>().Count()).Select(i => 3L * i));
        Assert.Equal(2, Directory.GetFiles(anneal.PathOf("run"), "events.out.tfevents.*").Length);
    }

    // What a study says to the worker of its final training when there is no time left.
    [Fact]
    public void MeasuresWhatItHasWhereItIsToldToFinish()
    {
        Process process = anneal.Start(
            "train", "recipe.yaml", "--out", "run", "--threads", "1", "--set", "duration=1000000ep", "--json", "--quiet", "--no-report", "--end-with-input");
        for (int lines = 0; lines < 10; lines++)
        {
            Assert.NotNull(process.StandardOutput.ReadLine());
        }
        process.StandardInput.WriteLine("finish");
        process.StandardInput.Flush();
        Result result = AnnealProgram.Finish(process);
        Assert.Equal(0, result.Code);
        RunEnded ended = Assert.IsType<RunEnded>(Events()[^1]);
        Assert.Equal("stopped", ended.Outcome);
        Assert.StartsWith($"There was no time for more: ended after {ended.Step} of ", ended.Reason, StringComparison.Ordinal);
        Assert.True(File.Exists(anneal.PathOf("run/evaluation.json")));
        Assert.True(File.Exists(anneal.PathOf("run/model.safetensors")));
    }

    [Fact]
    public void GoesOnWithARateThatWasChangedByHand()
    {
        Interrupt("-TERM", "train", "recipe.yaml", "--out", "run", "--threads", "1", "--set", "duration=1000000ep");
        long changed = Events()[^1].Step;
        string followed = File.ReadAllText(anneal.PathOf("run/recipe.yaml"));
        Result interrupted = Interrupt("-INT", "resume", "run", "--set", "learning-rate=linear(from=0, to=1)");

        string kept = $"recipe-until-step-{changed:D8}.yaml";
        Assert.Contains($"The recipe changes from here on. What the run followed up to step {changed} is kept as {kept}.", interrupted.Error);
        Assert.Equal(followed, File.ReadAllText(anneal.PathOf($"run/{kept}")));
        Assert.Contains("learning-rate: linear(from=0, to=1)\n", File.ReadAllText(anneal.PathOf("run/recipe.yaml")));
        // How it began is still what run.json says.
        Assert.Contains("\"command\":\"anneal train recipe.yaml", File.ReadAllText(anneal.PathOf("run/run.json")));
        // The new rate is read on the clock of the whole run, whose passes have nine steps.
        Assert.All(Events().OfType<StepEnded>(), step => Assert.Equal(
            step.Step <= changed ? 0.02 : (step.Step - 1) / 9_000_000.0, step.Values["learning-rate"], 1e-15));
        Assert.Contains(Events().OfType<StepEnded>(), step => step.Step > changed);

        // A run that goes on with the recipe it has keeps no other, whatever its file looks like.
        File.WriteAllText(anneal.PathOf("run/recipe.yaml"), "# mine\n" + File.ReadAllText(anneal.PathOf("run/recipe.yaml")).Replace("weight-noise: none\n", ""));
        Interrupt("-INT", "resume", "run");
        Assert.Single(Directory.GetFiles(anneal.PathOf("run"), "recipe-until-step-*"));
    }

    [Fact]
    public void SavesWhenItsTerminalHangsUp() =>
        Assert.Equal((129, "interrupted"), (Interrupt("-HUP", "train", "recipe.yaml", "--out", "run", "--threads", "1", "--set", "duration=1000000ep").Code, Assert.IsType<RunEnded>(Events()[^1]).Outcome));

    [Fact]
    public void OutlivesItsTerminalWhereItIsToldTo()
    {
        // A terminal that is closed: the signal is ignored, and what is drawn on it fails.
        using Process terminal = anneal.StartInTerminal("train", "recipe.yaml", "--out", "run", "--threads", "1", "--no-report", "--set", "duration=400ep");
        WaitFor(() => File.Exists(anneal.PathOf("run/events.jsonl")) && Events().Count > 5);
        terminal.Kill();
        WaitFor(() => File.Exists(anneal.PathOf("run/evaluation.json")));
        Assert.Equal("completed", Assert.IsType<RunEnded>(Events()[^1]).Outcome);

        static void WaitFor(Func<bool> happened)
        {
            Stopwatch waiting = Stopwatch.StartNew();
            while (!happened())
            {
                Assert.True(waiting.Elapsed < TimeSpan.FromSeconds(60));
                Thread.Sleep(20);
            }
        }
    }

    [Fact]
    public void SaysTheStepThatItReallyGoesOnFrom()
    {
        // Killed: the last event of what is kept is of step 9, the end of a pass, and its checkpoint of step 11.
        using (Process process = anneal.Start("train", "recipe.yaml", "--out", "run", "--threads", "1", "--json", "--quiet", "--set", "log-every=100st", "--set", "checkpoints={last-every-steps: 11}"))
        {
            while (EventLines.Read(process.StandardOutput.ReadLine()!) is not CheckpointSaved { Step: 11 })
            {
            }
            process.Kill();
            process.WaitForExit();
        }
        Array.ForEach(Directory.GetFiles(anneal.PathOf("run/checkpoints")).Where(file => !file.EndsWith("-00000011.safetensors", StringComparison.Ordinal)).ToArray(), File.Delete);
        Result result = anneal.Run("resume", "run", "--no-report", "--no-evaluate");
        Assert.Contains("Going on from step 11.\n", result.Error);
        Assert.Equal(11, Assert.Single(Events().OfType<RunResumed>()).Step);
    }

    [Fact]
    public void SaysThatItBeginsAnewWhereThereIsNoCheckpoint()
    {
        Interrupt("-TERM", "train", "recipe.yaml", "--out", "run", "--threads", "1", "--set", "duration=1000000ep");
        Directory.Delete(anneal.PathOf("run/checkpoints"), recursive: true);
        Result result = Interrupt("-INT", "resume", "run");
        Assert.Contains("This run has no checkpoint to go on from: it begins anew.", result.Error);
        Assert.DoesNotContain("Going on from", result.Error);
    }

    [Fact]
    public void RunsThatBeginInTheSameMomentHaveFoldersOfTheirOwn()
    {
        Process[] started = [.. Enumerable.Range(0, 4).Select(_ => anneal.Start("train", "recipe.yaml", "--threads", "1", "--quiet", "--no-report", "--no-evaluate"))];
        Result[] results = [.. started.Select(AnnealProgram.Finish)];
        Assert.All(results, result => Assert.Equal((0, ""), (result.Code, result.Error)));
        string[] folders = Directory.GetDirectories(anneal.PathOf("runs"));
        Assert.Equal(4, folders.Length);
        Assert.All(folders, folder => SavedRun.AssertSame(folders[0], folder));
        Assert.All(results, result => Assert.Single(folders, folder => result.Output.TrimEnd().EndsWith(Path.GetFileName(folder), StringComparison.Ordinal)));
    }

    [Fact]
    public void AFinishedRunCanBeMadeLonger()
    {
        Assert.Equal(0, anneal.Run("train", "recipe.yaml", "--out", "run", "--threads", "1", "--quiet", "--no-report").Code);
        Result other = anneal.Run("resume", "run", "--set", "learning-rate=0.1");
        Assert.Equal(2, other.Code);
        Assert.Contains("This run is finished: All 27 steps of the recipe are done. Only a longer one goes on: --set duration=...", other.Error);
        Result shorter = anneal.Run("resume", "run", "--set", "duration=2ep");
        Assert.Equal(2, shorter.Code);
        Assert.Contains("a run that has made 27 steps goes on to a later end only. Received: an end after 18.", shorter.Error);

        Result longer = anneal.Run("resume", "run", "--quiet", "--no-report", "--set", "duration=5ep");
        Assert.Equal(0, longer.Code);
        Assert.Contains("What the run followed up to step 27 is kept as recipe-until-step-00000027.yaml.", longer.Error);
        Assert.Contains("All 45 steps", longer.Output);
        Assert.True(File.Exists(anneal.PathOf("run/checkpoints/step-00000045.safetensors")));
    }

    public void Dispose() => anneal.Dispose();

    Result Interrupt(string signal, params string[] arguments)
    {
        Process process = anneal.Start([.. arguments, "--json", "--quiet", "--no-report"]);
        for (int lines = 0; lines < 10; lines++)
        {
            Assert.NotNull(process.StandardOutput.ReadLine());
        }
        AnnealProgram.Signal(process, signal);
        return AnnealProgram.Finish(process);
    }

    IReadOnlyList<TrainingEvent> Events()
    {
        using StreamReader reader = new(Path.Combine(anneal.PathOf("run"), "events.jsonl"));
        return EventLines.ReadAll(reader);
    }
}
