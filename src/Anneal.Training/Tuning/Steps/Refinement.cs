using Anneal.Curves;
using Anneal.Durations;
using Anneal.Search;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tuning.Steps;

/// <summary>Steps 5 to 7 of the seven: the best few for longer, a look at the learning curves, and again with what these propose.</summary>
sealed class Refinement : IStudyStep
{
    // The share of the budget at which it ends.
    const double Ends = 0.6;
    const int MostEpochs = 4;

    /// <inheritdoc/>
    public void Run(StudyCourse course, CancellationToken cancellation)
    {
        if (course.Folder.Steps.Any(step => step.Step == 7))
        {
            return;
        }
        StudyClock clock = course.Clock;
        double deadline = Ends * clock.Budget;
        HashSet<string> tried = [];
        NotebookEntry? best = course.Ledger.BestOf(5);
        if (best is not null)
        {
            // A session before this one may have ended within a round.
            course.Save(course.Folder.RecipeOf(best.Trial));
        }
        int round = course.Folder.Steps.Count(step => step.Step == 6);
        double epoch = SecondsPerEpoch(course);
        // Fewer passes than the doctor can read are better than none, but one pass would only repeat the coarse search.
        int epochs = (int)Math.Clamp((deadline - clock.Spent) / Math.Max(epoch, 1e-9), 0, MostEpochs);
        double longest = course.Ledger.Of(5).Select(trial => trial.Seconds).DefaultIfEmpty(epochs * epoch).Max();
        while (epochs >= 2 && clock.Spent + longest <= deadline)
        {
            course.Observer.Begins(5, $"Refine, round {round + 1}");
            double began = clock.Spent;
            List<Trial> trials = best is null ? FirstRound(course, epochs) : NextRound(course, best, tried);
            if (trials.Count == 0)
            {
                break;
            }
            NotebookEntry[] ended = Task.WhenAll(trials.Select(trial => course.Ledger.Train(trial, null, cancellation))).GetAwaiter().GetResult();
            cancellation.ThrowIfCancellationRequested();
            NotebookEntry? before = best;
            best = course.Ledger.BestOf(5) ?? best;
            longest = ended.Max(entry => entry.Seconds);
            Refined(course, round, ended, before, best, began);
            Look(course, round, best);
            round++;
            if (best is null)
            {
                // The same trials would end the same way.
                break;
            }
        }
        double left = Math.Max(deadline - clock.Spent, 0);
        course.Found(
            new StepFinding
            {
                Step = 7,
                Round = round,
                Title = "Go to 5 until the budget is spent",
                Passed = true,
                Finding = (best, round) switch
                {
                    (null, > 0) => "None of the refining trials trained to its end. The coarse search's best is trained in full.",
                    (null, _) => $"No time to refine: a pass of a trial takes {epoch:0} s, and {left:0} s are left for it. The coarse search's best is trained in full.",
                    _ => $"{round} {(round == 1 ? "round" : "rounds")} after {clock.Spent:0} of {clock.Budget:0} s. Best: trial {best.Trial} with "
                        + $"{best.ValidationAccuracy:P2} after {best.Epochs:0} epochs; the rest of the budget trains its recipe in full.",
                },
                Numbers = new Dictionary<string, double> { ["rounds"] = round },
                Seconds = 0,
            },
            clock.Spent);
    }

    static void Refined(StudyCourse course, int round, NotebookEntry[] ended, NotebookEntry? before, NotebookEntry? best, double began)
    {
        string came = string.Join("; ", ended.Select(entry => $"trial {entry.Trial} ({TrialLedger.Words(entry.Change)}): {Shown(entry)}"));
        string compared = before is null || best is null ? ""
            : best.Trial == before.Trial ? $" Trial {before.Trial} stays the best."
            : $" Trial {best.Trial} is the new best.";
        course.Found(
            new StepFinding
            {
                Step = 5,
                Round = round,
                Title = "Refine",
                Passed = best is not null,
                Finding = $"{came}.{compared}",
                Numbers = new Dictionary<string, double> { ["best accuracy"] = best?.ValidationAccuracy ?? double.NaN },
                Seconds = 0,
            },
            began);
    }

    static void Look(StudyCourse course, int round, NotebookEntry? best)
    {
        double began = course.Clock.Spent;
        const string Title = "Look at the learning curves";
        course.Observer.Begins(6, Title);
        IReadOnlyList<Diagnosis> seen = best is null ? [] : Diagnose(course, best);
        if (best is not null)
        {
            course.Save(course.Folder.RecipeOf(best.Trial));
        }
        course.Found(
            new StepFinding
            {
                Step = 6,
                Round = round,
                Title = Title,
                Passed = true,
                Finding = string.Join(" ", seen.Select(diagnosis => $"{diagnosis.Name}: {diagnosis.Evidence} {diagnosis.Proposal}")),
                Numbers = seen.SelectMany(diagnosis => diagnosis.Numbers.Select(number => KeyValuePair.Create($"{diagnosis.Name}: {number.Key}", number.Value)))
                    .DistinctBy(number => number.Key).ToDictionary(),
                Seconds = 0,
            },
            began);
    }

    static List<Trial> FirstRound(StudyCourse course, int epochs) =>
    [
        .. course.Ledger.Of(4).Where(TrialLedger.IsSound).OrderByDescending(entry => entry.ValidationAccuracy).Take(course.Runner.Parallel)
            .Select(entry => new Trial(
                course.Ledger.Take(), entry.Trial, 5,
                course.Folder.RecipeOf(entry.Trial) with { Duration = Duration.Epochs(epochs), EvaluateEvery = Duration.Epochs(1) },
                new Dictionary<string, string> { ["duration"] = $"{epochs}ep" },
                $"Trial {entry.Trial} stays good when trained longer.")),
    ];

    // One change at a time, on the best recipe so far: what the doctor proposes first, then its second choice, then a
    // rate a little to either side.
    static List<Trial> NextRound(StudyCourse course, NotebookEntry best, HashSet<string> tried)
    {
        foreach (NotebookEntry entry in course.Ledger.Of(5).Where(entry => entry.Parent == best.Trial))
        {
            tried.Add($"{best.Trial}: {TrialLedger.Words(entry.Change)}");
        }
        Recipe recipe = course.Folder.RecipeOf(best.Trial);
        IReadOnlyList<Diagnosis> seen = Diagnose(course, best);
        List<(RecipeChange Change, string Why)> candidates =
        [
            .. seen.Where(diagnosis => diagnosis.ProposedChange is not null).Select(diagnosis => (diagnosis.ProposedChange!, $"{diagnosis.Name}: {diagnosis.Proposal}")),
            .. seen.SelectMany(diagnosis => diagnosis.Alternatives.Select(change => (change, $"{diagnosis.Name}: the doctor's second choice."))),
            (new RecipeChange(RecipeChanges.Rate, ChangeKind.Multiply, 1.5), "A rate half as high again may be better still."),
            (new RecipeChange(RecipeChanges.Rate, ChangeKind.Multiply, 0.67), "A rate of two thirds may be better still."),
            (new RecipeChange(RecipeChanges.Decay, ChangeKind.Multiply, 2), "Twice the weight decay may be better still."),
        ];
        List<Trial> trials = [];
        foreach ((RecipeChange change, string why) in candidates)
        {
            if (trials.Count == course.Runner.Parallel)
            {
                break;
            }
            if (RecipeChanges.Apply(recipe, change) is not { } applied || applied.Recipe == recipe)
            {
                continue;
            }
            Dictionary<string, string> words = new() { [change.Key] = applied.Value };
            if (tried.Add($"{best.Trial}: {TrialLedger.Words(words)}"))
            {
                trials.Add(new Trial(course.Ledger.Take(), best.Trial, 5, applied.Recipe, words, why));
            }
        }
        return trials;
    }

    static IReadOnlyList<Diagnosis> Diagnose(StudyCourse course, NotebookEntry entry) =>
        Doctor.Examine(CurveHistory.From(course.Folder.EventsOf(entry.Trial)));

    static double SecondsPerEpoch(StudyCourse course) => course.Folder.Notebook.Where(trial => trial.Outcome == "completed" && trial.Step is 4 or 5)
        .Select(trial => trial.Seconds / Math.Max(trial.Epochs, 0.1)).DefaultIfEmpty(0).Max();

    static string Shown(NotebookEntry entry) => entry.ValidationAccuracy is { } accuracy ? $"{accuracy:P2}" : entry.Outcome;
}
