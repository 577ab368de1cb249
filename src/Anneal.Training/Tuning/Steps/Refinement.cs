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
    // Beyond that, what a trial may take that has become slow.
    const double Grace = 0.05;

    /// <inheritdoc/>
    public void Run(StudyCourse course, CancellationToken cancellation)
    {
        if (course.Folder.Steps.Any(step => step.Step == 7))
        {
            return;
        }
        StudyClock clock = course.Clock;
        double deadline = Ends * clock.Budget;
        using CancellationTokenSource late = clock.At(deadline + (Grace * clock.Budget));
        HashSet<string> tried = [];
        NotebookEntry? best = BestOf(course);
        if (best is not null)
        {
            // A session before this one may have ended within a round.
            course.Save(course.Folder.RecipeOf(best.Trial));
        }
        int round = course.Folder.Steps.Count(step => step.Step == 6);
        NotebookEntry? coarse = course.Ledger.BestOf(4);
        double epoch = coarse is null ? 0 : course.Ledger.Pass(coarse);
        double around = course.Ledger.UsuallyAround();
        // Trials that run one after the other in the first round.
        int waves = (PerRound(course) + course.Runner.Parallel - 1) / course.Runner.Parallel;
        int epochs = coarse is null ? 0 : TrialLength.RefiningPasses(
            TrialLength.PerEpoch(course.Folder.RecipeOf(coarse.Trial), course.Data),
            (((deadline - clock.Spent) / waves) - around) / Math.Max(epoch, 1e-9),
            coarse.Epochs);
        double longest = course.Ledger.Of(5).Select(trial => trial.Seconds).DefaultIfEmpty(around + (epochs * epoch)).Max() * waves;
        // A session before this one may have decided for how long.
        while ((epochs >= 2 || best is not null) && clock.Spent + longest <= deadline)
        {
            course.Observer.Begins(5, $"Refine, round {round + 1}");
            double began = clock.Spent;
            List<Trial> trials = best is null ? FirstRound(course, epochs) : NextRound(course, best, tried);
            if (trials.Count == 0)
            {
                break;
            }
            List<NotebookEntry> ended = [];
            foreach (Trial[] side in trials.Chunk(course.Runner.Parallel))
            {
                ended.AddRange(Task.WhenAll(side.Select(trial => course.Ledger.Train(trial, null, late.Token, cancellation))).GetAwaiter().GetResult());
                cancellation.ThrowIfCancellationRequested();
            }
            NotebookEntry? before = best;
            best = BestOf(course) ?? best;
            longest = Math.Max(clock.Spent - began, longest / 2);
            Refined(course, round, [.. ended], before, best, began);
            Look(course, round, best);
            round++;
            if (best is null || course.IsNearChance(best))
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
                    (not null, _) when course.IsNearChance(best) => $"Longer trials did no better than a guess either: {best.ValidationAccuracy:P2}.",
                    (null, > 0) => "None of the refining trials trained to its end. The coarse search's best is trained in full.",
                    (null, _) when coarse is null => "No trial of the coarse search can be refined.",
                    (null, _) => $"No time to refine: a pass of a trial takes {epoch:0.0} s after {around:0.0} s to start it, and {left:0} s are left for it. "
                        + "The coarse search's best is trained in full.",
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
                Passed = !course.IsNearChance(best),
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

    // The first round looks at two trials at least, also where they run one after the other.
    static int PerRound(StudyCourse course) => Math.Max(course.Runner.Parallel, course.State.Augmentations.Count > 0 ? 2 : 1);

    // The best recipe of the coarse search for longer, with each augmentation that is offered and all else equal; then the
    // next best recipes as they are.
    static List<Trial> FirstRound(StudyCourse course, int epochs)
    {
        IReadOnlyList<NotebookEntry> ranked = course.Ledger.Ranked(course.Ledger.Of(4));
        string[] offered = [.. course.State.Augmentations.OrderByDescending(Strength).Take(Math.Max(2, Math.Min(3, course.Runner.Parallel)))];
        List<Trial> trials = [];
        foreach (string augmentation in ranked.Count == 0 ? [] : offered)
        {
            trials.Add(Longer(course, ranked[0], epochs, $"Trial {ranked[0].Trial}, trained longer, is better with augmentation {augmentation} than with others.", augmentation));
        }
        trials.AddRange(ranked.Skip(offered.Length > 0 ? 1 : 0).Take(PerRound(course) - trials.Count)
            .Select(entry => Longer(course, entry, epochs, $"Trial {entry.Trial} stays good when trained longer.", null)));
        return trials;
    }

    static Trial Longer(StudyCourse course, NotebookEntry entry, int epochs, string hypothesis, string? augmentation)
    {
        Recipe recipe = course.Folder.RecipeOf(entry.Trial);
        Dictionary<string, string> change = new() { ["duration"] = $"{epochs}ep" };
        if (augmentation is not null)
        {
            recipe = recipe with { Augmentation = Augmentations.Of(augmentation, course.Data.Shape) };
            change[Augmentations.Key] = augmentation;
        }
        return new Trial(
            course.Ledger.Take(), entry.Trial, 5,
            recipe with { Duration = Duration.Epochs(epochs), EvaluateEvery = Duration.Epochs(Math.Max(1, epochs / 12)), Checkpoints = CoarseSearch.Fewer(recipe, epochs) },
            change, hypothesis);
    }

    // Augmentation helps long trainings more than short ones. Of two trials that differ in it alone, the stronger one is
    // taken unless its accuracy is lower by more than the standard error of the difference.
    static NotebookEntry? BestOf(StudyCourse course)
    {
        IReadOnlyList<NotebookEntry> trials = course.Ledger.Of(5);
        if (course.Ledger.Best(trials) is not { } best || !best.Change.TryGetValue(Augmentations.Key, out string? name))
        {
            return course.Ledger.Best(trials);
        }
        double accuracy = best.ValidationAccuracy!.Value;
        double near = accuracy - (Math.Sqrt(2) * TrialLedger.StandardError(accuracy, course.Validation));
        return trials
            .Where(trial => trial.Outcome == "completed" && trial.Parent == best.Parent && trial.ValidationAccuracy >= near
                && trial.Change.TryGetValue(Augmentations.Key, out string? other) && Strength(other) > Strength(name))
            .OrderByDescending(trial => Strength(trial.Change[Augmentations.Key])).FirstOrDefault() ?? best;
    }

    static int Strength(string augmentation) => augmentation switch { Augmentations.None => 0, Augmentations.Crop => 1, _ => 2 };

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

    static string Shown(NotebookEntry entry) => entry.ValidationAccuracy is { } accuracy ? $"{accuracy:P2}" : entry.Outcome;
}
