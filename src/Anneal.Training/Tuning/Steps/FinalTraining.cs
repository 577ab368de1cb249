using Anneal.Curves;
using Anneal.Durations;
using Anneal.Events;
using Anneal.Search;
using Anneal.Training.Averaging;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tuning.Steps;

/// <summary>After the seven: the best recipe trained in full, with averaged weights; the best of this, the trials and the plain training is the result.</summary>
sealed class FinalTraining : IStudyStep
{
    // Of the time left, what it plans with: the rest is for measuring, the report, and a slower machine.
    const double Share = 0.9;
    // Of the budget: when a training that has become slow is told to end, and when nothing is waited for any more.
    const double Finishes = 1.0;
    const double GivesUp = 1.07;
    const int MostEpochs = 60;
    const int MostUpdates = 10_000;
    // Of that time, what measuring the speed may take by which it is planned, and how much that needs at most.
    const double MeasuredShare = 0.02;
    const double MostMeasuredSeconds = 10;

    const string Title = "Train the best recipe in full";
    const string WhatToTry = "Look at the pictures and labels (anneal inspect), at the steps in the report, and try a larger --budget or another --start.";

    /// <inheritdoc/>
    public void Run(StudyCourse course, CancellationToken cancellation)
    {
        course.Observer.Begins(8, Title);
        double began = course.Clock.Spent;
        if (!File.Exists(EventsOf(course)) && course.State.Adopted == 0 && course.IsNearChance(Candidates(course).FirstOrDefault()))
        {
            LearnNothing(course, began);
            return;
        }
        Planned planned = Plan(course, cancellation);
        int number = course.Ledger.Take();
        course.Observer.Started(
            number, planned.Adopted is { } taken
                ? $"none; trial {taken.Trial} is taken as it is, for there is no time to train for longer"
                : $"the best recipe for {planned.Recipe.Duration}");
        TrialOutcome outcome = Train(course, planned, number, cancellation);
        cancellation.ThrowIfCancellationRequested();
        NotebookEntry? adopted = planned.Adopted;
        NotebookEntry? entry = null;
        string instead = "";
        if (adopted is null && outcome.Outcome is "completed" or "diverged" or "late")
        {
            entry = Entry(course, number, planned.Recipe, outcome, began);
            if (Better(course, entry, outcome) is { } better)
            {
                instead = $" {Named(better)} did better with {better.ValidationAccuracy:P2}: its weights are the result.";
                entry = entry with { Folder = StudyFolder.Relative(number), Conclusion = entry.Conclusion + instead };
                course.Folder.SetAside(number);
                adopted = better;
                Adopt(course, better);
                outcome = Train(course, planned with { Recipe = course.Recipe, Adopted = better }, number, cancellation);
                cancellation.ThrowIfCancellationRequested();
            }
        }
        course.Outcome = outcome;
        if (outcome.Outcome is not ("completed" or "diverged"))
        {
            // The study is not finished: the next session takes the training up where this one left it.
            return;
        }
        entry ??= Entry(course, number, planned.Recipe, outcome, began);
        if (!course.Folder.Notebook.Any(ended => ended.Step == 8))
        {
            course.Folder.Add(entry);
            course.Observer.Ended(entry);
        }
        End(course, planned, entry, outcome, adopted, instead, began);
    }

    static void End(StudyCourse course, Planned planned, NotebookEntry entry, TrialOutcome outcome, NotebookEntry? adopted, string instead, double began)
    {
        NotebookEntry result = adopted ?? entry;
        double accuracy = result.ValidationAccuracy ?? double.NaN;
        course.Keep(state => state with { Outcome = outcome.Outcome, Reason = outcome.Reason });
        string compared = $" The most frequent class alone is {course.Trivial:P2} of the validation examples"
            + (course.Ledger.BestOf(CoarseSearch.Plain) is { } plain ? $", a plain training came to {plain.ValidationAccuracy:P2}." : ".");
        course.Found(
            new StepFinding
            {
                Step = 8,
                Title = Title,
                Passed = outcome.Outcome == "completed",
                Finding = (adopted is null || instead.Length > 0
                    ? $"{planned.Recipe.Duration} with averaged weights: {entry.Conclusion}"
                    : $"No time to train for longer than trial {adopted.Trial} did; its weights are the result. {entry.Conclusion}") + compared,
                Numbers = new Dictionary<string, double>
                {
                    ["validation accuracy"] = accuracy, ["epochs"] = result.Epochs, ["most frequent class"] = course.Trivial,
                    ["plain training"] = course.Ledger.BestOf(CoarseSearch.Plain)?.ValidationAccuracy ?? double.NaN,
                },
                Seconds = 0,
            },
            began);
    }

    static void LearnNothing(StudyCourse course, double began)
    {
        NotebookEntry? best = Candidates(course).FirstOrDefault();
        string cause = string.Join(" ", course.Folder.Steps.Where(step => step is { Step: < 4, Passed: false }).Select(step => step.Finding));
        string found = (best is null
            ? "No trial measured an accuracy."
            : $"No trial did better than a guess: {best.ValidationAccuracy:P2} of {course.Validation} validation examples at best, and the most frequent class alone is {course.Trivial:P2} of them.")
            + $" Nothing is trained in full. {(cause.Length > 0 ? cause + " " : "")}{WhatToTry}";
        course.Keep(state => state with { Outcome = "near-chance", Reason = found });
        course.Outcome = new TrialOutcome("near-chance", found);
        course.Found(
            new StepFinding
            {
                Step = 8,
                Title = Title,
                Passed = false,
                Finding = found,
                Numbers = new Dictionary<string, double> { ["most frequent class"] = course.Trivial, ["best accuracy"] = best?.ValidationAccuracy ?? double.NaN },
                Seconds = 0,
            },
            began);
    }

    static TrialOutcome Train(StudyCourse course, Planned planned, int number, CancellationToken cancellation)
    {
        StudyClock clock = course.Clock;
        using CancellationTokenSource finish = clock.At((Finishes * clock.Budget) - planned.After);
        using CancellationTokenSource giveUp = clock.At(GivesUp * clock.Budget);
        double began = clock.Spent;
        (double Spent, long Step)? before = null;
        TrialOutcome outcome = course.Runner.Train(
            new TrialRequest(planned.Recipe, course.Folder.Path, Alone: true) { Finish = finish.Token, GiveUp = giveUp.Token },
            happened =>
            {
                course.Observer.Happened(number, happened);
                if (happened is StepEnded step)
                {
                    // What comes after the training becomes slow with it.
                    double slower = before is { } last && planned.Step > 0 && step.Step > last.Step
                        ? Math.Max(1, (clock.Spent - last.Spent) / (step.Step - last.Step) / planned.Step)
                        : 1;
                    before = (clock.Spent, step.Step);
                    if (clock.Spent + (planned.After * slower) > Finishes * clock.Budget)
                    {
                        finish.Cancel();
                    }
                }
                return true;
            },
            cancellation).GetAwaiter().GetResult();
        return outcome;
    }

    static Planned Plan(StudyCourse course, CancellationToken cancellation)
    {
        StudyClock clock = course.Clock;
        NotebookEntry? adopted = course.Folder.Notebook.FirstOrDefault(entry => entry.Trial == course.State.Adopted && course.State.Adopted > 0);
        double around = course.Ledger.UsuallyAround();
        if (File.Exists(EventsOf(course)))
        {
            return new Planned(RecipeText.Read(File.ReadAllText(Path.Combine(course.Folder.Path, "recipe.yaml")), catalog: course.Options.Catalog), adopted, around, 0);
        }
        if (adopted is not null)
        {
            Adopt(course, adopted);
            return new Planned(course.Recipe, adopted, around, 0);
        }
        Recipe best = course.Recipe with { Averaging = new ExponentialMovingAverage(), EvaluateEvery = Duration.Epochs(1) };
        double measured = Math.Clamp(MeasuredShare * (clock.Budget - clock.Spent), StartRecipe.MeasuredSeconds(clock.Budget), MostMeasuredSeconds);
        double speed = StartRecipe.ImagesPerSecond(best, course.Data, measured, cancellation);
        int trained = (int)(course.Data.Training.Count * (1 - best.Validation));
        // Measuring an example costs a third of training it: there is no backward pass.
        double epoch = (trained / speed) + ((course.Data.Training.Count - trained) / (3 * speed));
        double after = (around / 2) + ((course.Data.Training.Count - trained + course.Data.Test.Count) / (3 * speed));
        double left = Math.Max(((clock.Budget - clock.Spent) * Share) - around - after, 0.1);
        long perEpoch = TrialLength.PerEpoch(best, course.Data);
        double most = Math.Max(MostEpochs, Math.Ceiling((double)MostUpdates / perEpoch));
        double epochs = Math.Min(left / epoch, most);
        // A training as short as the trial was could only be worse than what is there.
        if (Candidates(course).FirstOrDefault() is { Outcome: "completed" } furthest && epochs < furthest.Epochs * 1.05 + (perEpoch > TrialLength.FewestUpdates ? 1 : 0))
        {
            Adopt(course, furthest);
            return new Planned(course.Recipe, furthest, after, 0);
        }
        double whole = Math.Floor(epochs);
        Recipe recipe = best with
        {
            Duration = epochs >= 1 ? Duration.Epochs(whole) : Duration.Steps(Math.Max(1, (long)(epochs * perEpoch))),
            // Passes of a few updates need not each be measured and saved.
            EvaluateEvery = Duration.Epochs(Math.Max(1, Math.Floor(whole / MostEpochs))),
            Checkpoints = CoarseSearch.Fewer(best, perEpoch < TrialLength.FewestUpdates ? whole / 4 : 1),
        };
        course.Save(recipe);
        return new Planned(recipe, null, after, epoch / perEpoch);
    }

    static void Adopt(StudyCourse course, NotebookEntry trial)
    {
        course.Keep(state => state with { Adopted = trial.Trial });
        course.Save(course.Folder.RecipeOf(trial.Trial));
        course.Folder.Adopt(trial.Trial);
    }

    // What may be the result beside the final training, the best first: of equals the one that went further.
    static IEnumerable<NotebookEntry> Candidates(StudyCourse course)
    {
        NotebookEntry?[] best = [course.Ledger.BestOf(5) ?? course.Ledger.BestOf(4), course.Ledger.BestOf(CoarseSearch.Plain)];
        return best.OfType<NotebookEntry>().OrderBy(course.IsNearChance);
    }

    // A trial that is better than the final training by more than a standard error, or by any measure where that has no result.
    static NotebookEntry? Better(StudyCourse course, NotebookEntry final, TrialOutcome outcome)
    {
        NotebookEntry[] others = [.. Candidates(course).Where(entry => entry.Outcome == "completed" && !course.IsNearChance(entry))];
        if (outcome.Outcome != "completed" || final.ValidationAccuracy is not { } accuracy)
        {
            return course.Ledger.Best(others);
        }
        return course.Ledger.Best(others) is { ValidationAccuracy: { } higher } best
            && higher > accuracy + TrialLedger.StandardError(higher, course.Validation) ? best : null;
    }

    static string Named(NotebookEntry entry) => entry.Step == CoarseSearch.Plain ? $"The plain training (trial {entry.Trial})" : $"Trial {entry.Trial}";

    static NotebookEntry Entry(StudyCourse course, int number, Recipe recipe, TrialOutcome outcome, double began)
    {
        // What happened before an interruption, or in the trial that was taken, is in the folder.
        IReadOnlyList<TrainingEvent> events = [];
        if (File.Exists(EventsOf(course)))
        {
            using StreamReader reader = new(EventsOf(course));
            events = EventLines.ReadAll(reader);
        }
        Evaluated? validated = events.OfType<Evaluated>().LastOrDefault();
        bool adopted = course.State.Adopted > 0;
        string ended = events.OfType<RunEnded>().LastOrDefault() is { Outcome: "stopped" } stopped ? stopped.Reason : "Trained to its end.";
        return new NotebookEntry
        {
            Trial = number,
            Parent = (course.Ledger.BestOf(5) ?? course.Ledger.BestOf(4))?.Trial,
            Step = 8,
            Hypothesis = adopted
                ? "The budget is spent: the best trial is as good as it gets."
                : "The best recipe, trained in full with averaged weights, does better than any trial.",
            Change = adopted
                ? new Dictionary<string, string>()
                : new Dictionary<string, string> { ["duration"] = recipe.Duration.ToString(), ["averaging"] = "ema" },
            Outcome = outcome.Outcome == "late" ? "stopped-early" : outcome.Outcome,
            ValidationAccuracy = validated?.Accuracy,
            ValidationLoss = validated?.Loss,
            Epochs = validated?.Epochs ?? 0,
            Seconds = course.Clock.Spent - began,
            Diagnoses = [.. Doctor.Examine(CurveHistory.From(events)).Select(diagnosis => diagnosis.Name)],
            Conclusion = outcome.Outcome == "completed" ? $"{ended} {validated?.Accuracy:P2} on validation." : outcome.Reason,
            Folder = ".",
        };
    }

    static string EventsOf(StudyCourse course) => Path.Combine(course.Folder.Path, "events.jsonl");

    /// <summary>How the final training is made.</summary>
    /// <param name="Recipe">What is trained.</param>
    /// <param name="Adopted">The trial whose run is taken as it is; null for none.</param>
    /// <param name="After">Seconds that are expected from the end of its training to the end of the study.</param>
    /// <param name="Step">Seconds that a step is expected to take; 0 where nothing is.</param>
    sealed record Planned(Recipe Recipe, NotebookEntry? Adopted, double After, double Step);
}
