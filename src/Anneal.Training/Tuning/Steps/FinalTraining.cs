using Anneal.Curves;
using Anneal.Durations;
using Anneal.Events;
using Anneal.Search;
using Anneal.Training.Averaging;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tuning.Steps;

/// <summary>After the seven: the best recipe trained in full, with averaged weights.</summary>
sealed class FinalTraining : IStudyStep
{
    // Of the time left, what it plans with: the rest is for measuring, the report, and a slower machine.
    const double Share = 0.9;
    const int MostEpochs = 60;
    // Of that time, what measuring the speed may take by which it is planned, and how much that needs at most.
    const double MeasuredShare = 0.02;
    const double MostMeasuredSeconds = 10;

    const string Title = "Train the best recipe in full";

    /// <inheritdoc/>
    public void Run(StudyCourse course, CancellationToken cancellation)
    {
        course.Observer.Begins(8, Title);
        double began = course.Clock.Spent;
        (Recipe recipe, NotebookEntry? adopted) = Plan(course, cancellation);
        int number = course.Ledger.Take();
        course.Observer.Started(
            number, adopted is null ? $"the best recipe for {recipe.Duration}" : $"none; trial {adopted.Trial} is taken as it is, for there is no time to train for longer");
        TrialOutcome outcome = course.Runner.Train(
            new TrialRequest(recipe, course.Folder.Path, Alone: true),
            happened =>
            {
                course.Observer.Happened(number, happened);
                return true;
            },
            cancellation).GetAwaiter().GetResult();
        cancellation.ThrowIfCancellationRequested();
        course.Outcome = outcome;
        if (outcome.Outcome is not ("completed" or "diverged"))
        {
            // The study is not finished: the next session takes the training up where this one left it.
            return;
        }
        // What happened before an interruption, or in the trial that was taken, is in the folder.
        IReadOnlyList<TrainingEvent> events;
        using (StreamReader reader = new(Path.Combine(course.Folder.Path, "events.jsonl")))
        {
            events = EventLines.ReadAll(reader);
        }
        Evaluated? validated = events.OfType<Evaluated>().LastOrDefault();
        NotebookEntry entry = new()
        {
            Trial = number,
            Parent = Furthest(course)?.Trial,
            Step = 8,
            Hypothesis = adopted is null
                ? "The best recipe, trained in full with averaged weights, does better than any trial."
                : "The budget is spent: the best trial is as good as it gets.",
            Change = adopted is null
                ? new Dictionary<string, string> { ["duration"] = recipe.Duration.ToString(), ["averaging"] = "ema" }
                : new Dictionary<string, string>(),
            Outcome = outcome.Outcome,
            ValidationAccuracy = validated?.Accuracy,
            ValidationLoss = validated?.Loss,
            Epochs = validated?.Epochs ?? 0,
            Seconds = course.Clock.Spent - began,
            Diagnoses = [.. Doctor.Examine(CurveHistory.From(events)).Select(diagnosis => diagnosis.Name)],
            Conclusion = outcome.Outcome == "completed" ? $"Trained to its end: {validated?.Accuracy:P2} on validation." : outcome.Reason,
            Folder = ".",
        };
        course.Folder.Add(entry);
        course.Observer.Ended(entry);
        course.Found(
            new StepFinding
            {
                Step = 8,
                Title = Title,
                Passed = outcome.Outcome == "completed",
                Finding = adopted is null
                    ? $"{recipe.Duration} with averaged weights: {entry.Conclusion}"
                    : $"No time to train for longer than trial {adopted.Trial} did; its weights are the result. {entry.Conclusion}",
                Numbers = new Dictionary<string, double> { ["validation accuracy"] = validated?.Accuracy ?? double.NaN, ["epochs"] = entry.Epochs },
                Seconds = 0,
            },
            began);
    }

    static (Recipe Recipe, NotebookEntry? Adopted) Plan(StudyCourse course, CancellationToken cancellation)
    {
        StudyClock clock = course.Clock;
        NotebookEntry? adopted = course.Folder.Notebook.FirstOrDefault(entry => entry.Trial == course.State.Adopted);
        if (File.Exists(Path.Combine(course.Folder.Path, "events.jsonl")))
        {
            return (RecipeText.Read(File.ReadAllText(Path.Combine(course.Folder.Path, "recipe.yaml")), catalog: course.Options.Catalog), adopted);
        }
        Recipe best = course.Recipe with { Averaging = new ExponentialMovingAverage(), EvaluateEvery = Duration.Epochs(1) };
        double measured = Math.Clamp(MeasuredShare * (clock.Budget - clock.Spent), StartRecipe.MeasuredSeconds, MostMeasuredSeconds);
        double speed = StartRecipe.ImagesPerSecond(best, course.Data, measured, cancellation);
        int trained = (int)(course.Data.Training.Count * (1 - best.Validation));
        // Measuring an example costs a third of training it: there is no backward pass.
        double epoch = (trained / speed) + ((course.Data.Training.Count - trained) / (3 * speed));
        double left = Math.Max((clock.Budget - clock.Spent) * Share, 1);
        double epochs = Math.Min(left / epoch, MostEpochs);
        // A training as short as the trial was could only be worse than what is there.
        adopted ??= Furthest(course) is { Outcome: "completed" } furthest && epochs < furthest.Epochs + 1 ? furthest : null;
        if (adopted is not null)
        {
            course.Keep(state => state with { Adopted = adopted.Trial });
            Recipe followed = course.Folder.RecipeOf(adopted.Trial);
            course.Save(followed);
            course.Folder.Adopt(adopted.Trial);
            return (followed, adopted);
        }
        Recipe recipe = best with
        {
            Duration = epochs >= 1
                ? Duration.Epochs(Math.Floor(epochs))
                : Duration.Steps(Math.Max(1, (long)(epochs * trained / (best.BatchSize * best.Accumulation)))),
        };
        course.Save(recipe);
        return (recipe, null);
    }

    static NotebookEntry? Furthest(StudyCourse course) => course.Ledger.BestOf(5) ?? course.Ledger.BestOf(4);
}
