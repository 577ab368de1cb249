using Anneal.Events;
using Anneal.Search;
using Anneal.Testing;
using Anneal.Training.Data;
using Anneal.Training.Models;
using Anneal.Training.Recipes;
using Anneal.Training.Tests.Samples;
using Anneal.Training.Tuning;

namespace Anneal.Training.Tests.Tuning;

/// <summary>Studies whose trials are played: what is written down, and what a session after an interruption makes of it.</summary>
public sealed class StudyTests : IDisposable
{
    static readonly Recipe Start = new() { Data = "striped", Model = new Mlp { Hidden = [8] }, BatchSize = 10, Validation = 0.2, Precision = Precision.Float32 };

    readonly TemporaryFolder folder = new();
    readonly Dataset data = SmallData.Striped();
    readonly PlayedClock clock = new();

    [Fact]
    public void EndsWithTheBestRecipeTrainedInFull()
    {
        Player player = new(clock);
        TrialOutcome outcome = Run(player);
        Assert.Equal("completed", outcome.Outcome);
        IReadOnlyList<NotebookEntry> notebook = Notebook();
        Assert.Equal(Enumerable.Range(1, notebook.Count), notebook.Select(entry => entry.Trial).Order());
        Assert.Equal(8, notebook[^1].Step);
        NotebookEntry best = notebook.Where(entry => entry.Step == 5).MaxBy(entry => entry.ValidationAccuracy)!;
        Assert.Equal(RecipeOf(best.Folder).LearningRate, RecipeOf(".").LearningRate);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], Steps().Select(step => step.Step).Distinct());
    }

    [Fact]
    public void MakesATrialThatWasInterruptedAgainAndKeepsTheOthers()
    {
        // The second trial and more end before the first does, then someone presses Ctrl-C.
        using CancellationTokenSource stop = new();
        Player first = new(clock) { Ending = (trial, _) => trial == 1 ? StopLater(stop) : Task.CompletedTask };
        Assert.ThrowsAny<OperationCanceledException>(() => Run(first, cancellation: stop.Token));
        Assert.Equal(2, Notebook()[0].Trial);
        Assert.DoesNotContain(Notebook(), entry => entry.Trial == 1);
        string kept = RecipeOf("trials/0002").LearningRate.ToString();

        Run(new Player(clock));

        Assert.Equal(Notebook().Count, Notebook().Select(entry => entry.Trial).Distinct().Count());
        Assert.Contains(1, Notebook().Select(entry => entry.Trial));
        Assert.Equal(kept, RecipeOf("trials/0002").LearningRate.ToString());
    }

    [Fact]
    public void TrainsTheBestRecipeThoughARoundWasInterrupted()
    {
        // The first trial of the first refining round ends best of all, and the session with it.
        using CancellationTokenSource stop = new();
        int refining = 0;
        Player first = new(clock)
        {
            Accuracy = recipe => IsRefining(recipe) ? 0.99 : 0.5,
            Ending = (_, recipe) => IsRefining(recipe) && Interlocked.Increment(ref refining) == 2 ? StopLater(stop) : Task.CompletedTask,
        };
        Assert.ThrowsAny<OperationCanceledException>(() => Run(first, cancellation: stop.Token));
        NotebookEntry best = Assert.Single(Notebook(), entry => entry.Step == 5);

        // There is no time for another round.
        clock.Pass(60 * 0.6);
        Run(new Player(clock));

        Assert.Equal(RecipeOf(best.Folder).LearningRate, RecipeOf(".").LearningRate);
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("interrupted")]
    public void IsNotFinishedWhereTheFinalTrainingCouldNotBeMade(string outcome)
    {
        Assert.Equal(outcome, Run(new Player(clock) { Final = new TrialOutcome(outcome, "The disk is full.") }).Outcome);
        Assert.DoesNotContain(Steps(), step => step.Step == 8);
        Assert.Equal("completed", Run(new Player(clock)).Outcome);
        Assert.Single(Steps(), step => step.Step == 8);
        Assert.Single(Notebook(), entry => entry.Step == 8);
    }

    [Fact]
    public void GivesUpWhereNoTrialCanBeTrained()
    {
        Player player = new(clock) { Trial = new TrialOutcome("failed", "There is no memory.") };
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => Run(player));
        Assert.Equal("4 trials in a row could not be trained. The last: There is no memory.", e.Message);
    }

    [Fact]
    public void RefinesNoTrialThatDiverged()
    {
        // The highest accuracy is measured by a trial that diverges later.
        double highest = 0;
        Player player = new(clock)
        {
            Accuracy = recipe => IsRefining(recipe) ? 0.5 : highest += 0.01,
            OutcomeOf = (number, recipe) => !IsRefining(recipe) && number % 2 == 0 ? new TrialOutcome("diverged", "Not finite.") : null,
        };
        Run(player);
        HashSet<int> diverged = [.. Notebook().Where(entry => entry.Outcome == "diverged").Select(entry => entry.Trial)];
        Assert.NotEmpty(diverged);
        Assert.DoesNotContain(Notebook(), entry => entry.Step == 5 && diverged.Contains(entry.Parent!.Value));
    }

    [Fact]
    public void WritesTheRateThatItTrains()
    {
        Run(new Player(clock));
        Assert.All(
            Notebook().Where(entry => entry.Step is 4 or 5 && entry.Change.ContainsKey("learning-rate")),
            entry => Assert.Equal($"one-cycle({entry.Change["learning-rate"]})", RecipeOf(entry.Folder).LearningRate.ToString().Replace("max=", "")));
    }

    [Fact]
    public void GoesOnOnlyWithTheSameDataAndSeed()
    {
        using CancellationTokenSource stop = new();
        Assert.ThrowsAny<OperationCanceledException>(() => Run(new Player(clock) { Ending = (_, _) => stop.CancelAsync() }, cancellation: stop.Token));
        Assert.StartsWith(
            "A study goes on with the seed it began with, 0. Received: 1;",
            Assert.Throws<RecipeException>(() => Run(new Player(clock), seed: 1)).Message);
        using Dataset other = SmallData.Striped(seed: 5);
        Assert.StartsWith(
            "A study goes on with the data it began with. Received: striped, whose content is another;",
            Assert.Throws<RecipeException>(() => Run(new Player(clock), other: other)).Message);
    }

    [Fact]
    public void KeepsTheCommandThatBeganIt()
    {
        using CancellationTokenSource stop = new();
        Assert.ThrowsAny<OperationCanceledException>(
            () => Run(new Player(clock) { Ending = (_, _) => stop.CancelAsync() }, command: "anneal tune striped -b 1m", cancellation: stop.Token));
        Run(new Player(clock), command: "anneal tune striped");
        Assert.Equal("anneal tune striped -b 1m", StudyFolder.CommandOf(folder.File("study")));
    }

    [Fact]
    public void NeedsValidationExamples() => Assert.StartsWith(
        "validation: a study compares its trials by the validation examples",
        Assert.Throws<RecipeException>(() => Run(new Player(clock), start: Start with { Validation = 0 })).Message);

    public void Dispose()
    {
        data.Dispose();
        folder.Dispose();
    }

    // So much later that the other trial of the round has ended.
    static async Task StopLater(CancellationTokenSource stop)
    {
        await Task.Delay(200);
        await stop.CancelAsync();
    }

    static bool IsRefining(Recipe recipe) => recipe.Duration.Amount >= 2;

    TrialOutcome Run(Player player, ulong seed = 0, Dataset? other = null, Recipe? start = null, string command = "", CancellationToken cancellation = default)
    {
        using StudyFolder opened = StudyFolder.Open(folder.File("study"));
        StudyOptions options = new() { Data = "striped", Budget = TimeSpan.FromSeconds(60), Seed = seed, Start = start ?? Start, Command = command };
        return new Study(options, other ?? data, player, opened, new Nobody(), clock).Run(cancellation);
    }

    IReadOnlyList<NotebookEntry> Notebook()
    {
        using StreamReader reader = new(folder.File("study/notebook.jsonl"));
        return NotebookLines.ReadAll(reader);
    }

    IReadOnlyList<StepFinding> Steps()
    {
        using StreamReader reader = new(folder.File("study/steps.jsonl"));
        return StepLines.ReadAll(reader);
    }

    Recipe RecipeOf(string trial) => RecipeText.Read(File.ReadAllText(Path.Combine(folder.File("study"), trial, "recipe.yaml")));

    /// <summary>Time passes where it is told to.</summary>
    sealed class PlayedClock : TimeProvider
    {
        long milliseconds;

        public override long TimestampFrequency => 1000;

        public void Pass(double seconds) => Interlocked.Add(ref milliseconds, (long)(seconds * 1000));

        public override long GetTimestamp() => Interlocked.Read(ref milliseconds);
    }

    /// <summary>Plays trials: each takes two seconds and measures what it is told to.</summary>
    sealed class Player(PlayedClock clock) : ITrialRunner
    {
        public Func<Recipe, double> Accuracy { get; init; } = recipe => 0.5 + (0.3 * double.Parse(recipe.LearningRate.Pieces[0].Arguments[0].Value) % 0.4);

        public TrialOutcome Trial { get; init; } = new("completed", "");

        public TrialOutcome Final { get; init; } = new("completed", "");

        public Func<int, Recipe, TrialOutcome?> OutcomeOf { get; init; } = (_, _) => null;

        /// <summary>Awaited before a trial, by its number and recipe, ends.</summary>
        public Func<int, Recipe, Task> Ending { get; init; } = (_, _) => Task.CompletedTask;

        public int Parallel => 2;

        public async Task<TrialOutcome> Train(TrialRequest trial, Func<TrainingEvent, bool> happened, CancellationToken cancellation)
        {
            int number = trial.Alone ? 0 : int.Parse(Path.GetFileName(trial.Folder));
            File.WriteAllText(Path.Combine(trial.Folder, "recipe.yaml"), RecipeText.Write(trial.Recipe));
            using (StreamWriter log = new(Path.Combine(trial.Folder, "events.jsonl")))
            {
                for (int i = 1; i <= 4; i++)
                {
                    Evaluated measured = new()
                    {
                        Step = i, Seconds = i, Split = "validation", Loss = 1, Accuracy = Accuracy(trial.Recipe), Examples = 12,
                        Epochs = i * 0.25 * trial.Recipe.Duration.Amount, Averaged = false,
                    };
                    log.WriteLine(EventLines.Write(measured));
                    happened(measured);
                }
            }
            await Task.Yield();
            if (!trial.Alone)
            {
                await Ending(number, trial.Recipe);
            }
            clock.Pass(trial.Alone ? 1 : 2);
            return trial.Alone ? Final : OutcomeOf(number, trial.Recipe) ?? Trial;
        }
    }

    sealed class Nobody : IStudyObserver
    {
        public void Begins(int step, string title)
        {
        }

        public void Found(StepFinding finding)
        {
        }

        public void Started(int trial, string change)
        {
        }

        public void Happened(int trial, TrainingEvent happened)
        {
        }

        public void Ended(NotebookEntry entry)
        {
        }
    }
}
