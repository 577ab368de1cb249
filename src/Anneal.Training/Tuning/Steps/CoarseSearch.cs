using Anneal.Durations;
using Anneal.Search;
using Anneal.Stopping;
using Anneal.Text;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tuning.Steps;

/// <summary>Step 4 of the seven: many short trials, whose rates and weight decays are drawn.</summary>
sealed class CoarseSearch : IStudyStep
{
    // The share of the budget at which it ends.
    const double Ends = 0.22;
    const double Epochs = 1;
    // What keeps so many workers from training one after the other will keep the next one, too.
    const int MostFailures = 4;

    const string Title = "Coarse search";

    /// <inheritdoc/>
    public void Run(StudyCourse course, CancellationToken cancellation)
    {
        if (!course.Begin(4, Title))
        {
            return;
        }
        double began = course.Clock.Spent;
        Search(course, cancellation);
        cancellation.ThrowIfCancellationRequested();
        IReadOnlyList<NotebookEntry> trials = course.Ledger.Of(4);
        NotebookEntry? best = TrialLedger.Best(trials);
        if (best is not null)
        {
            course.Save(course.Folder.RecipeOf(best.Trial));
        }
        course.Found(
            new StepFinding
            {
                Step = 4,
                Title = Title,
                Passed = best is not null,
                Finding = best is null
                    ? $"None of {trials.Count} trials measured an accuracy."
                    : $"{trials.Count} trials of {Epochs} epoch, {trials.Count(trial => trial.Outcome == "stopped-early")} stopped early. Best: trial {best.Trial} with "
                        + $"{best.ValidationAccuracy:P2} at rate {best.Change[RecipeChanges.Rate]} and weight decay {best.Change[RecipeChanges.Decay]}.",
                Numbers = new Dictionary<string, double> { ["trials"] = trials.Count, ["best accuracy"] = best?.ValidationAccuracy ?? double.NaN },
                Seconds = 0,
            },
            began);
    }

    static void Search(StudyCourse course, CancellationToken cancellation)
    {
        MedianRule pruner = new() { Direction = Direction.Maximize, StartupTrials = 3 };
        double deadline = Ends * course.Clock.Budget;
        List<Task<NotebookEntry>> running = [];
        Recipe start = course.Recipe;
        int begun = course.Ledger.Of(4).Count;
        double longest = 0;
        int failed = 0;
        using CancellationTokenSource all = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            while (true)
            {
                // A trial is begun only where it can be expected to end in time; as many as run at once are always made.
                while (running.Count < course.Runner.Parallel && (begun < course.Runner.Parallel || course.Clock.Spent + longest < deadline)
                    && !cancellation.IsCancellationRequested)
                {
                    running.Add(course.Ledger.Train(Draw(course, start), pruner, all.Token));
                    begun++;
                }
                if (running.Count == 0)
                {
                    break;
                }
                Task<NotebookEntry> ended = running[Task.WaitAny([.. running], CancellationToken.None)];
                running.Remove(ended);
                NotebookEntry entry = ended.GetAwaiter().GetResult();
                longest = Math.Max(longest, entry.Seconds);
                failed = entry.Outcome == "failed" ? failed + 1 : 0;
                if (failed == MostFailures)
                {
                    throw new InvalidOperationException($"{failed} trials in a row could not be trained. The last: {entry.Conclusion}");
                }
            }
        }
        finally
        {
            // Where one ends the search, the others are still writing.
            all.Cancel();
            Task.WhenAll(running).ContinueWith(_ => { }, TaskScheduler.Default).Wait(CancellationToken.None);
        }
    }

    static Trial Draw(StudyCourse course, Recipe start)
    {
        double rate = course.State.SuggestedRate;
        int trial = course.Ledger.Take();
        // The suggested rate is one that a constant schedule can keep; the peak of one cycle lies above it.
        SearchSpace space = new(
            new LogUniform(RecipeChanges.Rate, rate / 2, rate * 20),
            new LogUniform(RecipeChanges.Decay, 5e-5, 5e-3));
        bool suggested = trial == 1;
        (double drawnRate, double drawnDecay) = (rate, RecipeChanges.DecayOf(start));
        if (!suggested)
        {
            IReadOnlyDictionary<string, ParameterValue> drawn = new RandomSampler().Draw(space, course.Options.Seed, trial, []);
            (drawnRate, drawnDecay) = (drawn[RecipeChanges.Rate].Number, drawn[RecipeChanges.Decay].Number);
        }
        (drawnRate, drawnDecay) = (NumberText.Rounded(drawnRate), NumberText.Rounded(drawnDecay));
        return new Trial(
            trial, null, 4,
            RecipeChanges.WithPeak(start, drawnRate) with
            {
                Optimizer = Plain.WithDecay(start.Optimizer, drawnDecay),
                Duration = Duration.Epochs(Epochs),
                EvaluateEvery = Duration.Epochs(Epochs / 4),
            },
            new Dictionary<string, string>
            {
                [RecipeChanges.Rate] = NumberText.Format(drawnRate), [RecipeChanges.Decay] = NumberText.Format(drawnDecay),
            },
            suggested ? "The rate that the range test suggests trains well." : "A draw may beat those before it: rate and weight decay, log-uniform.");
    }
}
