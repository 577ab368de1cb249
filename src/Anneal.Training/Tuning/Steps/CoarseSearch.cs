using Anneal.Durations;
using Anneal.Search;
using Anneal.Stopping;
using Anneal.Text;
using Anneal.Training.Models;
using Anneal.Training.Recipes;
using Anneal.Training.Runs;

namespace Anneal.Training.Tuning.Steps;

/// <summary>Step 4 of the seven: many short trials, whose rates, weight decays and augmentation are drawn. Beside them, the plain training that the result is compared with.</summary>
sealed class CoarseSearch : IStudyStep
{
    /// <summary>The plain training's step in the notebook.</summary>
    internal const int Plain = 0;

    // The share of the budget at which it ends, and the least and the most that it gets where the steps before it took long.
    const double Ends = 0.22;
    const double Least = 0.12;
    // Beyond that, what a trial may take that has become slow.
    const double Grace = 0.05;
    // The plain training's share, and how long it is at most.
    const double PlainShare = 0.05;
    const double MostPlainSeconds = 60;
    // One after the other, so many trials should fit; where they do not, each is shorter.
    const int WantedTrials = 3;
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
        Recipe start = course.Recipe;
        double ends = Math.Max(Ends * course.Clock.Budget, began + (Least * course.Clock.Budget));
        long perEpoch = TrialLength.PerEpoch(start, course.Data);
        double update = start.BatchSize * start.Accumulation * course.Runner.Parallel / course.State.ImagesPerSecond;
        double each = ((ends - began) / WantedTrials) - course.Ledger.UsuallyAround();
        double epochs = NumberText.Rounded(TrialLength.CoarseEpochs(perEpoch, each / update));
        Search(course, start, epochs, ends, cancellation);
        cancellation.ThrowIfCancellationRequested();
        Find(course, epochs, perEpoch, began);
    }

    static void Find(StudyCourse course, double epochs, long perEpoch, double began)
    {
        IReadOnlyList<NotebookEntry> trials = course.Ledger.Of(4);
        NotebookEntry? best = course.Ledger.Best(trials);
        bool lost = course.IsNearChance(best);
        if (best is not null && !lost)
        {
            course.Save(course.Folder.RecipeOf(best.Trial));
        }
        string words = best is null ? $"None of {trials.Count} trials measured an accuracy."
            : lost
                ? $"{trials.Count} trials of {epochs:0.##} epochs, the best with {best.ValidationAccuracy:P2} of {course.Validation} validation examples: no more than "
                    + $"a guess. The most frequent class alone is {course.Trivial:P2} of them."
            : $"{trials.Count} trials of {epochs:0.##} {(epochs == 1 ? "epoch" : "epochs")} ({perEpoch * epochs:0} updates), "
                + $"{trials.Count(trial => trial.Outcome == "stopped-early")} stopped early. Best: trial {best.Trial} with {best.ValidationAccuracy:P2} "
                + $"± {TrialLedger.StandardError(best.ValidationAccuracy!.Value, course.Validation):P2} ({TrialLedger.Words(best.Change)}).";
        string plain = course.Ledger.BestOf(Plain) is { } simple ? $" A plain training without a search: {simple.ValidationAccuracy:P2} after {simple.Epochs:0.##} epochs." : "";
        string mirrored = course.State.MirroredKept is { } kept
            ? $" Mirrored, {kept:P0} of the pictures keep their class for a network that has seen none: flips are {(course.State.Augmentations.Contains(Augmentations.CropAndFlip) ? "offered" : "left out")}."
            : "";
        course.Found(
            new StepFinding
            {
                Step = 4,
                Title = Title,
                Passed = !lost,
                Finding = words + plain + mirrored,
                Numbers = new Dictionary<string, double>
                {
                    ["trials"] = trials.Count, ["best accuracy"] = best?.ValidationAccuracy ?? double.NaN, ["most frequent class"] = course.Trivial,
                },
                Seconds = 0,
            },
            began);
    }

    static void Search(StudyCourse course, Recipe start, double epochs, double ends, CancellationToken cancellation)
    {
        MedianRule pruner = new() { Direction = Direction.Maximize, StartupTrials = 3 };
        List<Task<NotebookEntry>> running = [];
        bool plain = course.Ledger.Of(Plain).Count > 0;
        int begun = course.Ledger.Of(4).Count;
        double longest = 0;
        int failed = 0;
        using CancellationTokenSource all = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        double last = ends + (Grace * course.Clock.Budget);
        using CancellationTokenSource late = course.Clock.At(last);
        try
        {
            while (true)
            {
                // A trial is begun only where it can be expected to end in time; as many as run at once are always made.
                while (running.Count < course.Runner.Parallel && !cancellation.IsCancellationRequested && course.Clock.Spent < last)
                {
                    if (begun > 0 && !plain)
                    {
                        plain = true;
                        running.Add(course.Ledger.Train(Plainest(course, start), null, late.Token, all.Token));
                    }
                    else if (begun < course.Runner.Parallel || course.Clock.Spent + longest < ends)
                    {
                        running.Add(course.Ledger.Train(Draw(course, start, epochs), pruner, late.Token, all.Token));
                        begun++;
                    }
                    else
                    {
                        break;
                    }
                }
                if (running.Count == 0)
                {
                    break;
                }
                Task<NotebookEntry> ended = running[Task.WaitAny([.. running], CancellationToken.None)];
                running.Remove(ended);
                NotebookEntry entry = ended.GetAwaiter().GetResult();
                longest = entry.Step == 4 ? Math.Max(longest, entry.Seconds) : longest;
                failed = entry.Outcome == "failed" ? failed + 1 : 0;
                if (failed == MostFailures)
                {
                    throw new InvalidOperationException($"{failed} trials in a row could not be trained. The last: {entry.Conclusion}");
                }
                TryMirror(course, entry);
            }
        }
        finally
        {
            // Where one ends the search, the others are still writing.
            all.Cancel();
            Task.WhenAll(running).ContinueWith(_ => { }, TaskScheduler.Default).Wait(CancellationToken.None);
        }
    }

    // Once, by the first trial that learned without flips.
    static void TryMirror(StudyCourse course, NotebookEntry entry)
    {
        if (course.State.MirroredKept is not null || course.State.Augmentations.Count == 0 || entry is not { Step: 4, Outcome: "completed" } || course.IsNearChance(entry))
        {
            return;
        }
        RunFolder run = RunFolder.Open(Path.Combine(course.Folder.Path, entry.Folder));
        if (run.Checkpoints() is [var newest, ..] && Augmentations.Mirror(Path.Combine(run.CheckpointsFolder, newest), course.Data, course.Options.Catalog) is { } mirror)
        {
            course.Keep(state => state with
            {
                MirroredKept = mirror.Kept,
                Augmentations = mirror.Offers ? [.. state.Augmentations, Augmentations.CropAndFlip] : state.Augmentations,
            });
            course.Save();
        }
    }

    static Trial Plainest(StudyCourse course, Recipe start)
    {
        Recipe recipe = StartRecipe.Plainest(start, course.Data);
        double seconds = Math.Min(PlainShare * course.Clock.Budget, MostPlainSeconds);
        double speed = StartRecipe.ImagesPerSecond(recipe, course.Data, StartRecipe.MeasuredSeconds(course.Clock.Budget) / 2, CancellationToken.None) / course.Runner.Parallel;
        long perEpoch = TrialLength.PerEpoch(recipe, course.Data);
        double affordable = Math.Max(seconds - course.Ledger.UsuallyAround(), seconds / 2) * speed / (perEpoch * recipe.BatchSize);
        double most = Math.Max(20, Math.Ceiling((double)TrialLength.RefiningUpdates / perEpoch));
        double epochs = affordable >= 1 ? Math.Floor(Math.Min(affordable, most)) : NumberText.Rounded(Math.Max(affordable, 1.0 / perEpoch));
        return new Trial(
            course.Ledger.Take(), null, Plain,
            recipe with { Duration = Duration.Epochs(epochs), EvaluateEvery = Duration.Epochs(Math.Max(epochs / 4, 1.0 / perEpoch)), Checkpoints = Fewer(recipe, epochs) },
            new Dictionary<string, string> { ["model"] = course.Options.Catalog.NameOf(recipe.Model), [RecipeChanges.Rate] = NumberText.Format(RecipeChanges.PeakOf(recipe)) },
            "A plain training, without a search, is what the study has to beat.");
    }

    static Trial Draw(StudyCourse course, Recipe start, double epochs)
    {
        double rate = course.State.SuggestedRate;
        int trial = course.Ledger.Take();
        bool suggested = trial == 1;
        Dictionary<string, string> change = [];
        Recipe recipe = start;
        // Where an epoch is no trial, a smaller network may be as good; on more data the start was chosen for the budget.
        bool few = course.Options.Start is null && TrialLength.PerEpoch(start, course.Data) < TrialLength.FewestUpdates && start.Model is ResNet9;
        // The suggested rate is one that a constant schedule can keep; the peak of one cycle lies above it.
        List<Dimension> dimensions = [new LogUniform(RecipeChanges.Rate, rate / 2, rate * (few ? 8 : 20)), new LogUniform(RecipeChanges.Decay, 5e-5, 5e-3)];
        if (few)
        {
            dimensions.Add(new Categorical("model", ["resnet9", "convnet"]));
        }
        if (course.State.Augmentations.Count > 1)
        {
            dimensions.Add(new Categorical(Augmentations.Key, [.. course.State.Augmentations]));
        }
        IReadOnlyDictionary<string, ParameterValue> drawn = new RandomSampler().Draw(new SearchSpace([.. dimensions]), course.Options.Seed, trial, []);
        double drawnRate = NumberText.Rounded(suggested ? few ? 3 * rate : rate : drawn[RecipeChanges.Rate].Number);
        double drawnDecay = NumberText.Rounded(suggested ? RecipeChanges.DecayOf(start) : drawn[RecipeChanges.Decay].Number);
        change[RecipeChanges.Rate] = NumberText.Format(drawnRate);
        change[RecipeChanges.Decay] = NumberText.Format(drawnDecay);
        if (few && !suggested && drawn["model"].ToString() == "convnet")
        {
            recipe = recipe with { Model = StartRecipe.Plainest(start, course.Data).Model };
        }
        if (few)
        {
            change["model"] = course.Options.Catalog.NameOf(recipe.Model);
        }
        if (course.State.Augmentations.Count > 1)
        {
            string augmentation = suggested ? Augmentations.Crop : drawn[Augmentations.Key].ToString();
            recipe = recipe with { Augmentation = Augmentations.Of(augmentation, course.Data.Shape) };
            change[Augmentations.Key] = augmentation;
        }
        return new Trial(
            trial, null, 4,
            RecipeChanges.WithPeak(recipe, drawnRate) with
            {
                Optimizer = Tuning.Plain.WithDecay(start.Optimizer, drawnDecay),
                Duration = Duration.Epochs(epochs),
                EvaluateEvery = Duration.Epochs(epochs / 4),
                Checkpoints = Fewer(recipe, epochs),
            },
            change,
            suggested ? "The rate that step 3 suggests trains well." : $"A draw may beat those before it: {string.Join(", ", change.Keys)}.");
    }

    /// <summary>A trial of many short passes does not save after each.</summary>
    internal static CheckpointPolicy Fewer(Recipe recipe, double epochs) =>
        recipe.Checkpoints with { LastEveryEpochs = Math.Max(recipe.Checkpoints.LastEveryEpochs, (int)(epochs / 4)) };
}
