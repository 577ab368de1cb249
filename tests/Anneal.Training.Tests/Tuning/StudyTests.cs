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
        Player first = new(clock) { Ending = (trial, _) => trial == 1 ? StopLater(stop, after: 1) : Task.CompletedTask };
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
            Ending = (_, recipe) => IsRefining(recipe) && Interlocked.Increment(ref refining) == 2 ? StopLater(stop, after: Notebook().Count + 1) : Task.CompletedTask,
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

    // Wherever in the study the machine becomes ten times slower: a part of the budget, up to which it was as fast as planned.
    [Theory]
    [InlineData(0.05)]
    [InlineData(0.2)]
    [InlineData(0.4)]
    [InlineData(0.5)]
    [InlineData(0.65)]
    [InlineData(0.8)]
    [InlineData(0.9)]
    public void EndsWithinItsBudgetAndATenthOnAMachineThatBecomesTenTimesSlower(double share)
    {
        Player player = new(clock) { Parallel = 1, TrialSeconds = 4, FinalSeconds = 20, Slower = () => clock.Seconds > share * 60 ? 10 : 1 };
        TrialOutcome outcome = Run(player);
        Assert.InRange(clock.Seconds, 10, 66);
        Assert.Equal("completed", outcome.Outcome);
        Assert.Single(Steps(), step => step.Step == 8);
        Assert.True(File.Exists(folder.File("study/events.jsonl")));
    }

    [Fact]
    public void WaitsForNoTrialThatHangs()
    {
        Player player = new(clock) { Parallel = 1, Hangs = (number, _) => number == 3 };
        Assert.Equal("completed", Run(player).Outcome);
        NotebookEntry hung = Assert.Single(Notebook(), entry => entry.Trial == 3);
        Assert.Equal(("stopped-early", "There was no time to wait for its end."), (hung.Outcome, hung.Conclusion));
        Assert.InRange(clock.Seconds, 10, 66);
    }

    [Fact]
    public void TakesTheBestTrialWhereTheFinalTrainingHangs()
    {
        bool first = true;
        Player player = new(clock) { Parallel = 1, Hangs = (number, _) => number == 0 && first && !(first = false) };
        Assert.Equal("completed", Run(player).Outcome);
        Assert.InRange(clock.Seconds, 10, 66);
        NotebookEntry final = Assert.Single(Notebook(), entry => entry.Step == 8);
        Assert.Matches("Trial [0-9]+ did better", final.Conclusion);
        Assert.Equal(StudyFolder.Relative(final.Trial), final.Folder);
    }

    // Of three classes of 12 validation examples each is a third.
    [Theory]
    [InlineData(0.34)]
    [InlineData(0.5)]
    public void FailsWhereNothingIsBetterThanAGuess(double accuracy)
    {
        Player player = new(clock) { Accuracy = _ => accuracy };
        TrialOutcome outcome = Run(player);
        Assert.Equal("near-chance", outcome.Outcome);
        Assert.StartsWith($"No trial did better than a guess: {accuracy:P2} of 12 validation examples", outcome.Reason, StringComparison.Ordinal);
        Assert.Contains("Look at the pictures and labels", outcome.Reason, StringComparison.Ordinal);
        Assert.False(Assert.Single(Steps(), step => step.Step == 8).Passed);
        Assert.False(Assert.Single(Steps(), step => step.Step == 4).Passed);
        Assert.DoesNotContain(Notebook(), entry => entry.Step == 8);
        Assert.False(File.Exists(folder.File("study/events.jsonl")));
    }

    [Fact]
    public void HandsThePlainTrainingOverWhereItIsBetter()
    {
        Player player = new(clock) { Accuracy = recipe => recipe.Model is ConvNet ? 0.99 : 0.7 };
        Assert.Equal("completed", Run(player).Outcome);
        NotebookEntry plain = Assert.Single(Notebook(), entry => entry.Step == 0);
        Assert.IsType<ConvNet>(RecipeOf(".").Model);
        Assert.Contains($"The plain training (trial {plain.Trial}) did better with 99.00", Assert.Single(Steps(), step => step.Step == 8).Finding, StringComparison.Ordinal);
        // What was trained in full is kept as a trial.
        NotebookEntry final = Assert.Single(Notebook(), entry => entry.Step == 8);
        Assert.IsType<Mlp>(RecipeOf(final.Folder).Model);
    }

    // Pairs of which one is trained and one fails: the failures are never four in a row, though they may be written last.
    [Fact]
    public void CountsEachFailureOnce()
    {
        Player player = new(clock) { OutcomeOf = (number, recipe) => number % 2 == 0 && !IsRefining(recipe) ? new TrialOutcome("failed", "No memory.") : null };
        Assert.Equal("completed", Run(player).Outcome);
    }

    [Fact]
    public void RefusesAnOptimizerWhoseDecayItCannotVary() => Assert.StartsWith(
        "optimizer: a study varies the weight decay of sgd and adamw. Received: Other",
        Assert.Throws<RecipeException>(() => Run(new Player(clock), start: Start with { Optimizer = new Other() })).Message, StringComparison.Ordinal);

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

    // Once so many trials are in the notebook: the other trial of the round has ended.
    async Task StopLater(CancellationTokenSource stop, int after)
    {
        for (int tries = 0; tries < 1000 && Notebook().Count < after; tries++)
        {
            await Task.Delay(10);
        }
        await stop.CancelAsync();
    }

    // Coarse trials are measured four times, refining ones more often.
    static bool IsRefining(Recipe recipe) => recipe.Duration.Amount / recipe.EvaluateEvery.Amount > 5;

    TrialOutcome Run(Player player, ulong seed = 0, Dataset? other = null, Recipe? start = null, string command = "", CancellationToken cancellation = default)
    {
        using StudyFolder opened = StudyFolder.Open(folder.File("study"));
        StudyOptions options = new() { Data = "striped", Budget = TimeSpan.FromSeconds(60), Seed = seed, Start = start ?? Start, Command = command };
        return new Study(options, other ?? data, player, opened, new Nobody(), clock).Run(cancellation);
    }

    IReadOnlyList<NotebookEntry> Notebook()
    {
        using StreamReader reader = new(new FileStream(folder.File("study/notebook.jsonl"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return NotebookLines.ReadAll(reader);
    }

    IReadOnlyList<StepFinding> Steps()
    {
        using StreamReader reader = new(folder.File("study/steps.jsonl"));
        return StepLines.ReadAll(reader);
    }

    Recipe RecipeOf(string trial) => RecipeText.Read(File.ReadAllText(Path.Combine(folder.File("study"), trial, "recipe.yaml")));

    sealed record Other : Training.Optimizers.Optimizer
    {
        public override IReadOnlyList<KeyValuePair<string, Schedules.ScheduleText>> Schedules => [];

        public override Training.Optimizers.IOptimizer Bind(IReadOnlyList<Training.Optimizers.ParameterGroup> groups) => throw new NotSupportedException();
    }

    /// <summary>Time passes where it is told to, and its timers with it.</summary>
    sealed class PlayedClock : TimeProvider
    {
        readonly List<Timer> timers = [];
        long milliseconds;

        public double Seconds => Interlocked.Read(ref milliseconds) / 1000.0;

        public override long TimestampFrequency => 1000;

        public void Pass(double seconds)
        {
            long now = Interlocked.Add(ref milliseconds, (long)(seconds * 1000));
            Timer[] due;
            lock (timers)
            {
                due = [.. timers.Where(timer => timer.Due <= now)];
                timers.RemoveAll(timer => due.Contains(timer));
            }
            Array.ForEach(due, timer => timer.Ring());
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Timer timer = new(() => callback(state), Interlocked.Read(ref milliseconds) + (long)dueTime.TotalMilliseconds, this);
            lock (timers)
            {
                timers.Add(timer);
            }
            return timer;
        }

        sealed class Timer(Action ring, long due, PlayedClock clock) : ITimer
        {
            public long Due => due;

            public void Ring() => ring();

            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
                lock (clock.timers)
                {
                    clock.timers.Remove(this);
                }
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }

        public override long GetTimestamp() => Interlocked.Read(ref milliseconds);
    }

    /// <summary>Plays trials: each takes two seconds and measures what it is told to.</summary>
    sealed class Player(PlayedClock clock) : ITrialRunner
    {
        public Func<Recipe, double> Accuracy { get; init; } = recipe => 0.7 + (0.3 * double.Parse(recipe.LearningRate.Pieces[0].Arguments[0].Value) % 0.25);

        public TrialOutcome Trial { get; init; } = new("completed", "");

        public TrialOutcome Final { get; init; } = new("completed", "");

        public Func<int, Recipe, TrialOutcome?> OutcomeOf { get; init; } = (_, _) => null;

        /// <summary>Awaited before a trial, by its number and recipe, ends.</summary>
        public Func<int, Recipe, Task> Ending { get; init; } = (_, _) => Task.CompletedTask;

        public int Parallel { get; init; } = 2;

        public double TrialSeconds { get; init; } = 2;

        public double FinalSeconds { get; init; } = 1;

        /// <summary>How many times slower the machine is now.</summary>
        public Func<double> Slower { get; init; } = () => 1;

        /// <summary>Which trials, by number and recipe, never end of themselves; the final training has number 0.</summary>
        public Func<int, Recipe, bool> Hangs { get; init; } = (_, _) => false;

        public async Task<TrialOutcome> Train(TrialRequest trial, Func<TrainingEvent, bool> happened, CancellationToken cancellation)
        {
            int number = trial.Alone ? 0 : int.Parse(Path.GetFileName(trial.Folder));
            // A run that is taken as it is has its log, and is only measured.
            bool whole = File.Exists(Path.Combine(trial.Folder, "events.jsonl")) && trial.Alone && File.ReadAllText(Path.Combine(trial.Folder, "events.jsonl")).Length > 0;
            bool hangs = Hangs(number, trial.Recipe);
            File.WriteAllText(Path.Combine(trial.Folder, "recipe.yaml"), RecipeText.Write(trial.Recipe));
            double seconds = trial.Alone ? FinalSeconds : TrialSeconds;
            if (!whole)
            {
                const int Steps = 40;
                using StreamWriter log = new(Path.Combine(trial.Folder, "events.jsonl"));
                for (int i = 1; i <= Steps; i++)
                {
                    clock.Pass(seconds / Steps * Slower());
                    while (hangs && !trial.GiveUp.IsCancellationRequested)
                    {
                        clock.Pass(1);
                    }
                    if (trial.GiveUp.IsCancellationRequested)
                    {
                        return new TrialOutcome("late", "There was no time to wait for its end.");
                    }
                    Happen(log, new StepEnded { Step = i, Seconds = seconds / Steps * i, Epoch = 0, Loss = 1, GradientNorm = 1, ExamplesPerSecond = 1, Values = new Dictionary<string, double>() });
                    if (i % (Steps / 4) == 0)
                    {
                        Happen(log, new Evaluated
                        {
                            Step = i, Seconds = seconds / Steps * i, Split = "validation", Loss = 1, Accuracy = Accuracy(trial.Recipe), Examples = 12,
                            Epochs = (double)i / Steps * trial.Recipe.Duration.Amount, Averaged = false,
                        });
                    }
                    if (trial.Finish.IsCancellationRequested)
                    {
                        Happen(log, new RunEnded { Step = i, Seconds = seconds / Steps * i, Outcome = "stopped", Reason = "There was no time for more." });
                        break;
                    }
                }
            }
            await Task.Yield();
            if (!trial.Alone)
            {
                await Ending(number, trial.Recipe);
            }
            return trial.Alone ? Final : OutcomeOf(number, trial.Recipe) ?? Trial;

            void Happen(StreamWriter log, TrainingEvent what)
            {
                log.WriteLine(EventLines.Write(what));
                happened(what);
            }
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
