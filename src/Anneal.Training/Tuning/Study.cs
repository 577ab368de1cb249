using Anneal.Curves;
using Anneal.Durations;
using Anneal.Events;
using Anneal.Search;
using Anneal.Stopping;
using Anneal.Text;
using Anneal.Training.Averaging;
using Anneal.Training.Data;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tuning;

/// <summary>Finds a recipe for a data set by the seven steps (Stanford CS231n, "Choosing hyperparameters"), within a time budget.</summary>
/// <remarks>
/// Every step writes down what it found before the next begins, and every trial when it has ended; a study that was
/// interrupted goes on after the last of these when it is run again in the same folder. It waits for its trials on the
/// thread that calls it, and computes on no other: OpenMP keeps a team of threads for each thread that computes, and a second
/// team sleeps between its steps. The speed that the final training is planned by was measured a third too low there.
/// </remarks>
public sealed class Study(
    StudyOptions options, Dataset data, ITrialRunner runner, StudyFolder folder, IStudyObserver observer, TimeProvider time)
{
    // Shares of the budget at which a phase ends; what is left is the final training's.
    const double CoarseEnds = 0.22;
    const double RefiningEnds = 0.6;
    // Step 3 makes five short trainings; together they may take this share.
    const double RatesShare = 0.08;
    // Of the time left, what the final training plans with: the rest is for measuring, the report, and a slower machine.
    const double FinalShare = 0.9;
    const double CoarseEpochs = 1;
    const int RefiningEpochs = 4;
    const int MostFinalEpochs = 60;
    // Of that time, what measuring the speed may take by which the final training is planned, and how much it needs at most.
    const double MeasuredShare = 0.02;
    const double MostMeasuredSeconds = 10;
    // What keeps so many workers from training one after the other will keep the next one, too.
    const int MostFailures = 4;

    long startedAt;
    double spentBefore;
    StudyState state = new() { Recipe = "" };

    double Budget => options.Budget.TotalSeconds;

    double Spent => spentBefore + time.GetElapsedTime(startedAt).TotalSeconds;

    /// <summary>Runs all steps that are not yet done, and the final training.</summary>
    /// <returns>How the final training ended.</returns>
    /// <exception cref="OperationCanceledException">It was asked to stop; what was found so far is in the folder.</exception>
    public TrialOutcome Run(CancellationToken cancellation)
    {
        if (options.Start is { Validation: 0 })
        {
            throw new RecipeException("validation: a study compares its trials by the validation examples, and needs some. Received: validation 0.");
        }
        startedAt = time.GetTimestamp();
        if (folder.ReadState() is { } before)
        {
            if (before.DataFingerprint.Length > 0 && before.DataFingerprint != data.Fingerprint)
            {
                throw new RecipeException($"A study goes on with the data it began with. Received: {data.Name}, whose content is another; name another folder.");
            }
            if (before.Seed != options.Seed)
            {
                throw new RecipeException($"A study goes on with the seed it began with, {before.Seed}. Received: {options.Seed}; name another folder.");
            }
            state = before;
            spentBefore = before.Spent;
        }
        else
        {
            // Every rate of a study is meant for the batch size it is found with.
            Recipe start = options.Start is { } given ? given with { BatchScaling = null } : StartRecipe.Choose(data, options.Budget, runner.Parallel, options.Seed, cancellation);
            state = state with { DataFingerprint = data.Fingerprint, Seed = options.Seed, ImagesPerSecond = StartRecipe.ImagesPerSecond(start, data, StartRecipe.MeasuredSeconds, cancellation) };
            Save(start);
        }
        try
        {
            CheckInitialLoss();
            OverfitASmallSample(cancellation);
            FindRates(cancellation);
            SearchCoarsely(cancellation);
            Refine(cancellation);
            return TrainFinally(cancellation);
        }
        finally
        {
            folder.Write(state with { Spent = Spent });
        }
    }

    void CheckInitialLoss()
    {
        if (!Begin(1, InitialLoss.Title))
        {
            return;
        }
        double began = Spent;
        Recipe recipe = Current();
        StepFinding measured = InitialLoss.Measure(recipe, data);
        string more = "";
        // The one cause there is a remedy for: a head whose scores are too large says so by a loss above log C.
        for (int tries = 0; !measured.Passed && tries < 3; tries++)
        {
            Recipe quieter = recipe with { Initialization = recipe.Initialization with { HeadGain = recipe.Initialization.HeadGain / 4 } };
            StepFinding again = InitialLoss.Measure(quieter, data);
            if (Math.Abs(again.Numbers["loss"] - again.Numbers["log-classes"]) >= Math.Abs(measured.Numbers["loss"] - measured.Numbers["log-classes"]))
            {
                break;
            }
            more = $" With the last layer's initialization at {NumberText.Format(quieter.Initialization.HeadGain)} of its size:";
            (recipe, measured) = (quieter, again);
        }
        Save(recipe);
        Found(measured with { Finding = (more + " " + measured.Finding).Trim() }, began);
    }

    void OverfitASmallSample(CancellationToken cancellation)
    {
        if (!Begin(2, OverfitSmallSample.Title))
        {
            return;
        }
        double began = Spent;
        StepFinding measured = OverfitSmallSample.Measure(Current(), data, cancellation);
        Found(measured, began);
    }

    void FindRates(CancellationToken cancellation)
    {
        if (!Begin(3, LossGoesDown.Title))
        {
            return;
        }
        double began = Spent;
        Recipe recipe = Current();
        double affordable = RatesShare * Budget * state.ImagesPerSecond / PerUpdate(recipe) / LossGoesDown.Trainings;
        StepFinding measured = LossGoesDown.Measure(
            recipe, data, (int)Math.Clamp(affordable, LossGoesDown.FewestIterations, LossGoesDown.MostIterations), cancellation);
        state = state with { SuggestedRate = measured.Suggestions[0].Rate };
        Save(RecipeChanges.WithPeak(Current(), measured.Suggestions[0].Rate));
        Found(measured, began);
    }

    void SearchCoarsely(CancellationToken cancellation)
    {
        if (!Begin(4, "Coarse search"))
        {
            return;
        }
        double began = Spent;
        Recipe start = Current();
        double rate = state.SuggestedRate;
        // The suggested rate is one that a constant schedule can keep; the peak of one cycle lies above it.
        SearchSpace space = new(
            new LogUniform(RecipeChanges.Rate, rate / 2, rate * 20),
            new LogUniform(RecipeChanges.Decay, 5e-5, 5e-3));
        RandomSampler sampler = new();
        MedianRule pruner = new() { Direction = Direction.Maximize, StartupTrials = 3 };
        List<TrialSnapshot> snapshots = [.. Trials(4).Select(Snapshot)];
        double deadline = CoarseEnds * Budget;
        List<Task> running = [];
        double longest = 0;
        int failed = 0;
        using CancellationTokenSource all = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            while (true)
            {
                // A trial is begun only where it can be expected to end in time; two are always made.
                while (running.Count < runner.Parallel && (snapshots.Count < runner.Parallel || Spent + longest < deadline) && !cancellation.IsCancellationRequested)
                {
                    int trial = Unused(snapshots.Select(snapshot => snapshot.Number));
                    bool suggested = trial == 1;
                    IReadOnlyDictionary<string, ParameterValue> drawn = suggested
                        ? new Dictionary<string, ParameterValue>
                        {
                            [RecipeChanges.Rate] = new(rate),
                            [RecipeChanges.Decay] = new(RecipeChanges.DecayOf(start)),
                        }
                        : sampler.Draw(space, options.Seed, trial, []);
                    double drawnRate = NumberText.Rounded(drawn[RecipeChanges.Rate].Number);
                    double drawnDecay = NumberText.Rounded(drawn[RecipeChanges.Decay].Number);
                    Recipe recipe = RecipeChanges.WithPeak(start, drawnRate) with
                    {
                        Optimizer = Plain.WithDecay(start.Optimizer, drawnDecay),
                        Duration = Duration.Epochs(CoarseEpochs),
                        EvaluateEvery = Duration.Epochs(CoarseEpochs / 4),
                    };
                    lock (folder)
                    {
                        snapshots.Add(new TrialSnapshot { Number = trial, State = TrialState.Running, Values = drawn });
                    }
                    running.Add(Train(
                        new Trial(
                            trial, null, 4, recipe,
                            new Dictionary<string, string>
                            {
                                [RecipeChanges.Rate] = NumberText.Format(drawnRate), [RecipeChanges.Decay] = NumberText.Format(drawnDecay),
                            },
                            suggested ? "The rate that the range test suggests trains well." : "A draw may beat those before it: rate and weight decay, log-uniform."),
                        snapshots, pruner, all.Token));
                }
                if (running.Count == 0)
                {
                    break;
                }
                Task ended = running[Task.WaitAny([.. running], CancellationToken.None)];
                running.Remove(ended);
                ended.GetAwaiter().GetResult();
                lock (folder)
                {
                    longest = Math.Max(longest, folder.Notebook[^1].Seconds);
                    failed = folder.Notebook[^1].Outcome == "failed" ? failed + 1 : 0;
                    if (failed == MostFailures)
                    {
                        throw new InvalidOperationException($"{failed} trials in a row could not be trained. The last: {folder.Notebook[^1].Conclusion}");
                    }
                }
            }
        }
        finally
        {
            // Where one ends the search, the others are still writing.
            all.Cancel();
            Task.WhenAll(running).ContinueWith(_ => { }, TaskScheduler.Default).Wait(CancellationToken.None);
        }
        cancellation.ThrowIfCancellationRequested();
        NotebookEntry[] trials = [.. Trials(4)];
        NotebookEntry? best = Best(trials);
        if (best is not null)
        {
            Save(folder.RecipeOf(best.Trial));
        }
        Found(
            4, 0, "Coarse search", best is not null,
            best is null
                ? $"None of {trials.Length} trials measured an accuracy."
                : $"{trials.Length} trials of {CoarseEpochs} epoch, {trials.Count(t => t.Outcome == "stopped-early")} stopped early. Best: trial {best.Trial} with {best.ValidationAccuracy:P2} at rate {best.Change[RecipeChanges.Rate]} and weight decay {best.Change[RecipeChanges.Decay]}.",
            new() { ["trials"] = trials.Length, ["best accuracy"] = best?.ValidationAccuracy ?? double.NaN },
            began);
    }

    void Refine(CancellationToken cancellation)
    {
        if (folder.Steps.Any(step => step.Step == 7))
        {
            return;
        }
        double deadline = RefiningEnds * Budget;
        HashSet<string> tried = [];
        NotebookEntry? best = Best(Trials(5));
        if (best is not null)
        {
            // A session before this one may have ended within a round.
            Save(folder.RecipeOf(best.Trial));
        }
        int round = folder.Steps.Count(step => step.Step == 6);
        double epoch = SecondsPerEpoch();
        // Fewer passes than the doctor can read are better than none, but one pass would only repeat the coarse search.
        int epochs = (int)Math.Clamp((deadline - Spent) / Math.Max(epoch, 1e-9), 0, RefiningEpochs);
        double longest = Trials(5).Select(trial => trial.Seconds).DefaultIfEmpty(epochs * epoch).Max();
        while (epochs >= 2 && Spent + longest <= deadline)
        {
            observer.Begins(5, $"Refine, round {round + 1}");
            double began = Spent;
            List<Trial> trials = best is null ? FirstRound(epochs) : NextRound(best, tried);
            if (trials.Count == 0)
            {
                break;
            }
            Task.WhenAll(trials.Select(trial => Train(trial, null, null, cancellation))).GetAwaiter().GetResult();
            cancellation.ThrowIfCancellationRequested();
            NotebookEntry[] ended = [.. folder.Notebook.Where(entry => trials.Any(trial => trial.Number == entry.Trial))];
            NotebookEntry? before = best;
            best = Best(Trials(5)) ?? best;
            longest = ended.Max(entry => entry.Seconds);
            Found(
                5, round, "Refine", best is not null,
                $"{string.Join("; ", ended.Select(entry => $"trial {entry.Trial} ({Words(entry.Change)}): {Shown(entry)}"))}." +
                (before is null || best is null ? "" : best.Trial == before.Trial ? $" Trial {before.Trial} stays the best." : $" Trial {best.Trial} is the new best."),
                new() { ["best accuracy"] = best?.ValidationAccuracy ?? double.NaN },
                began);
            began = Spent;
            observer.Begins(6, "Look at the learning curves");
            IReadOnlyList<Diagnosis> seen = best is null ? [] : Diagnose(best);
            if (best is not null)
            {
                Save(folder.RecipeOf(best.Trial));
            }
            Found(
                6, round, "Look at the learning curves", true,
                string.Join(" ", seen.Select(diagnosis => $"{diagnosis.Name}: {diagnosis.Evidence} {diagnosis.Proposal}")),
                seen.SelectMany(diagnosis => diagnosis.Numbers.Select(number => KeyValuePair.Create($"{diagnosis.Name}: {number.Key}", number.Value)))
                    .DistinctBy(number => number.Key).ToDictionary(),
                began);
            round++;
            if (best is null)
            {
                // The same trials would end the same way.
                break;
            }
        }
        Found(
            7, round, "Go to 5 until the budget is spent", true,
            best is null && round > 0 ? "None of the refining trials trained to its end. The coarse search's best is trained in full."
            : best is null
                ? $"No time to refine: a pass of a trial takes {epoch:0} s, and {Math.Max(deadline - Spent, 0):0} s are left for it. The coarse search's best is trained in full."
                : $"{round} {(round == 1 ? "round" : "rounds")} after {Spent:0} of {Budget:0} s. Best: trial {best.Trial} with {best.ValidationAccuracy:P2} after {best.Epochs:0} epochs; the rest of the budget trains its recipe in full.",
            new() { ["rounds"] = round }, Spent);
    }

    TrialOutcome TrainFinally(CancellationToken cancellation)
    {
        observer.Begins(8, "Train the best recipe in full");
        double began = Spent;
        string file = Path.Combine(folder.Path, "recipe.yaml");
        NotebookEntry? adopted = folder.Notebook.FirstOrDefault(entry => entry.Trial == state.Adopted);
        Recipe recipe;
        if (File.Exists(Path.Combine(folder.Path, "events.jsonl")))
        {
            recipe = RecipeText.Read(File.ReadAllText(file));
        }
        else
        {
            Recipe best = Current() with { Averaging = new ExponentialMovingAverage(), EvaluateEvery = Duration.Epochs(1) };
            double speed = StartRecipe.ImagesPerSecond(best, data, Math.Clamp(MeasuredShare * (Budget - Spent), StartRecipe.MeasuredSeconds, MostMeasuredSeconds), cancellation);
            int trained = (int)(data.Training.Count * (1 - best.Validation));
            // Measuring an example costs a third of training it: there is no backward pass.
            double epoch = (trained / speed) + ((data.Training.Count - trained) / (3 * speed));
            double left = Math.Max((Budget - Spent) * FinalShare, 1);
            double epochs = Math.Min(left / epoch, MostFinalEpochs);
            NotebookEntry? furthest = Best(Trials(5)) ?? Best(Trials(4));
            // A training as short as the trial was could only be worse than what is there.
            adopted ??= furthest is { Outcome: "completed" } && epochs < furthest.Epochs + 1 ? furthest : null;
            if (adopted is not null)
            {
                state = state with { Adopted = adopted.Trial };
                recipe = folder.RecipeOf(adopted.Trial);
                Save(recipe);
                folder.Adopt(adopted.Trial);
            }
            else
            {
                recipe = best with { Duration = epochs >= 1 ? Duration.Epochs(Math.Floor(epochs)) : Duration.Steps(Math.Max(1, (long)(epochs * trained / PerUpdate(best)))) };
                Save(recipe);
            }
        }
        int number = Unused();
        observer.Started(number, adopted is null ? $"the best recipe for {recipe.Duration}" : $"none; trial {adopted.Trial} is taken as it is, for there is no time to train for longer");
        List<TrainingEvent> events = [];
        TrialOutcome outcome = runner.Train(
            new TrialRequest(recipe, folder.Path, Alone: true),
            happened =>
            {
                events.Add(happened);
                observer.Happened(number, happened);
                return true;
            },
            cancellation).GetAwaiter().GetResult();
        cancellation.ThrowIfCancellationRequested();
        if (outcome.Outcome is not ("completed" or "diverged"))
        {
            // The study is not finished: the next session takes the training up where this one left it.
            return outcome;
        }
        // What happened before an interruption, or in the trial that was taken, is in the folder.
        using (StreamReader reader = new(Path.Combine(folder.Path, "events.jsonl")))
        {
            events = [.. EventLines.ReadAll(reader)];
        }
        Evaluated? validated = events.OfType<Evaluated>().LastOrDefault();
        NotebookEntry entry = new()
        {
            Trial = number,
            Parent = Best(Trials(5))?.Trial ?? Best(Trials(4))?.Trial,
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
            Seconds = Spent - began,
            Diagnoses = [.. Doctor.Examine(CurveHistory.From(events)).Select(diagnosis => diagnosis.Name)],
            Conclusion = outcome.Outcome == "completed" ? $"Trained to its end: {validated?.Accuracy:P2} on validation." : outcome.Reason,
            Folder = ".",
        };
        folder.Add(entry);
        observer.Ended(entry);
        Found(
            8, 0, "Train the best recipe in full", outcome.Outcome == "completed",
            adopted is null ? $"{recipe.Duration} with averaged weights: {entry.Conclusion}" : $"No time to train for longer than trial {adopted.Trial} did; its weights are the result. {entry.Conclusion}",
            new() { ["validation accuracy"] = validated?.Accuracy ?? double.NaN, ["epochs"] = entry.Epochs }, began);
        return outcome;
    }

    List<Trial> FirstRound(int epochs)
    {
        List<int> numbers = [];
        return
        [
            .. Trials(4).Where(IsSound).OrderByDescending(entry => entry.ValidationAccuracy).Take(runner.Parallel)
                .Select(entry => new Trial(
                    Numbered(numbers), entry.Trial, 5,
                    folder.RecipeOf(entry.Trial) with { Duration = Duration.Epochs(epochs), EvaluateEvery = Duration.Epochs(1) },
                    new Dictionary<string, string> { ["duration"] = $"{epochs}ep" },
                    $"Trial {entry.Trial} stays good when trained longer.")),
        ];
    }

    // One change at a time, on the best recipe so far: what the doctor proposes first, then its second choice, then a
    // rate a little to either side.
    List<Trial> NextRound(NotebookEntry best, HashSet<string> tried)
    {
        foreach (NotebookEntry entry in Trials(5).Where(entry => entry.Parent == best.Trial))
        {
            tried.Add($"{best.Trial}: {Words(entry.Change)}");
        }
        Recipe recipe = folder.RecipeOf(best.Trial);
        IReadOnlyList<Diagnosis> seen = Diagnose(best);
        List<(RecipeChange Change, string Why)> candidates =
        [
            .. seen.Where(diagnosis => diagnosis.ProposedChange is not null).Select(diagnosis => (diagnosis.ProposedChange!, $"{diagnosis.Name}: {diagnosis.Proposal}")),
            .. seen.SelectMany(diagnosis => diagnosis.Alternatives.Select(change => (change, $"{diagnosis.Name}: the doctor's second choice."))),
            (new RecipeChange(RecipeChanges.Rate, ChangeKind.Multiply, 1.5), "A rate half as high again may be better still."),
            (new RecipeChange(RecipeChanges.Rate, ChangeKind.Multiply, 0.67), "A rate of two thirds may be better still."),
            (new RecipeChange(RecipeChanges.Decay, ChangeKind.Multiply, 2), "Twice the weight decay may be better still."),
        ];
        List<Trial> trials = [];
        List<int> numbers = [];
        foreach ((RecipeChange change, string why) in candidates)
        {
            if (trials.Count == runner.Parallel)
            {
                break;
            }
            if (RecipeChanges.Apply(recipe, change) is not { } applied || applied.Recipe == recipe)
            {
                continue;
            }
            Dictionary<string, string> words = new() { [change.Key] = applied.Value };
            if (tried.Add($"{best.Trial}: {Words(words)}"))
            {
                trials.Add(new Trial(Numbered(numbers), best.Trial, 5, applied.Recipe, words, why));
            }
        }
        return trials;
    }

    async Task Train(Trial trial, List<TrialSnapshot>? snapshots, MedianRule? pruner, CancellationToken cancellation)
    {
        double began = Spent;
        observer.Started(trial.Number, Words(trial.Change));
        List<TrainingEvent> events = [];
        PruneReason? pruned = null;
        TrialOutcome outcome = await runner.Train(
            new TrialRequest(trial.Recipe, folder.TrialFolder(trial.Number), Alone: false),
            happened =>
            {
                lock (folder)
                {
                    events.Add(happened);
                    observer.Happened(trial.Number, happened);
                    if (happened is Evaluated evaluated && snapshots is not null && pruner is not null)
                    {
                        int place = snapshots.FindIndex(snapshot => snapshot.Number == trial.Number);
                        snapshots[place] = snapshots[place] with
                        {
                            Intermediate = [.. snapshots[place].Intermediate, new IntermediateValue(evaluated.Epochs, evaluated.Accuracy)],
                        };
                        // At its last measurement a trial is over as it is.
                        if (evaluated.Epochs < CoarseEpochs - 1e-6)
                        {
                            pruned ??= pruner.Decide(snapshots[place], snapshots);
                        }
                    }
                    return pruned is null;
                }
            },
            cancellation).ConfigureAwait(false);
        // What was interrupted is not written down: the trial is made again.
        cancellation.ThrowIfCancellationRequested();
        lock (folder)
        {
            string ending = pruned is not null ? "stopped-early" : outcome.Outcome;
            if (snapshots is not null)
            {
                int place = snapshots.FindIndex(snapshot => snapshot.Number == trial.Number);
                snapshots[place] = snapshots[place] with
                {
                    State = ending == "completed" ? TrialState.Completed : pruned is not null ? TrialState.Pruned : TrialState.Failed,
                };
            }
            Evaluated? best = events.OfType<Evaluated>().MaxBy(evaluated => evaluated.Accuracy);
            double? parent = trial.Parent is { } number ? folder.Notebook.FirstOrDefault(entry => entry.Trial == number)?.ValidationAccuracy : null;
            NotebookEntry entry = new()
            {
                Trial = trial.Number,
                Parent = trial.Parent,
                Step = trial.Step,
                Hypothesis = trial.Hypothesis,
                Change = trial.Change,
                Outcome = ending,
                ValidationAccuracy = best?.Accuracy,
                ValidationLoss = best?.Loss,
                Epochs = events.OfType<Evaluated>().Select(evaluated => evaluated.Epochs).DefaultIfEmpty(0).Max(),
                Seconds = Spent - began,
                Diagnoses = trial.Step == 5 ? [.. Doctor.Examine(CurveHistory.From(events)).Select(diagnosis => diagnosis.Name)] : [],
                Conclusion = pruned?.Reason
                    ?? (ending != "completed" ? outcome.Reason
                        : best is null ? "No accuracy was measured."
                        : parent is { } accuracy ? $"{best.Accuracy:P2}, {(best.Accuracy >= accuracy ? "+" : "−")}{Math.Abs(best.Accuracy - accuracy) * 100:0.00} points against trial {trial.Parent}."
                        : $"{best.Accuracy:P2} after {best.Epochs:0.##} epochs."),
                Folder = StudyFolder.Relative(trial.Number),
            };
            folder.Add(entry);
            folder.Write(state with { Spent = Spent });
            observer.Ended(entry);
        }
    }

    IReadOnlyList<Diagnosis> Diagnose(NotebookEntry entry) => Doctor.Examine(CurveHistory.From(EventsOf(entry)));

    IReadOnlyList<TrainingEvent> EventsOf(NotebookEntry entry) => folder.EventsOf(entry.Trial);

    double SecondsPerEpoch() => folder.Notebook.Where(trial => trial.Outcome == "completed" && trial.Step is 4 or 5)
        .Select(trial => trial.Seconds / Math.Max(trial.Epochs, 0.1)).DefaultIfEmpty(0).Max();

    IEnumerable<NotebookEntry> Trials(int step) => folder.Notebook.Where(entry => entry.Step == step);

    static NotebookEntry? Best(IEnumerable<NotebookEntry> trials) => trials.Where(IsSound).MaxBy(entry => entry.ValidationAccuracy);

    static bool IsSound(NotebookEntry entry) => entry is { ValidationAccuracy: not null, Outcome: "completed" or "stopped-early" };

    // The lowest number of no trial. A trial that was interrupted left its number free, and those after it may be taken.
    int Unused(params IEnumerable<int> taken)
    {
        lock (folder)
        {
            HashSet<int> used = [.. taken, .. folder.Notebook.Select(entry => entry.Trial)];
            return Enumerable.Range(1, used.Count + 1).First(number => !used.Contains(number));
        }
    }

    int Numbered(List<int> taken)
    {
        taken.Add(Unused(taken));
        return taken[^1];
    }

    static int PerUpdate(Recipe recipe) => recipe.BatchSize * recipe.Accumulation;

    TrialSnapshot Snapshot(NotebookEntry entry) => new()
    {
        Number = entry.Trial,
        State = entry.Outcome switch { "completed" => TrialState.Completed, "stopped-early" => TrialState.Pruned, _ => TrialState.Failed },
        Intermediate = [.. EventsOf(entry).OfType<Evaluated>().Select(evaluated => new IntermediateValue(evaluated.Epochs, evaluated.Accuracy))],
    };

    static string Words(IReadOnlyDictionary<string, string> change) => string.Join(", ", change.Select(value => $"{value.Key} {value.Value}"));

    static string Shown(NotebookEntry entry) => entry.ValidationAccuracy is { } accuracy ? $"{accuracy:P2}" : entry.Outcome;

    Recipe Current() => RecipeText.Read(state.Recipe);

    void Save(Recipe recipe)
    {
        state = state with { Recipe = RecipeText.Write(recipe), Spent = Spent };
        folder.Write(state);
        // A study that is stopped at any time leaves the best recipe so far.
        Torch.Serialization.DurableFile.Write(
            Path.Combine(folder.Path, "recipe.yaml"), stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(state.Recipe)));
    }

    bool Begin(int step, string title)
    {
        if (folder.Steps.Any(finding => finding.Step == step))
        {
            return false;
        }
        observer.Begins(step, title);
        return true;
    }

    void Found(int step, int round, string title, bool passed, string finding, Dictionary<string, double> numbers, double began) => Found(
        new StepFinding { Step = step, Round = round, Title = title, Passed = passed, Finding = finding, Numbers = numbers, Seconds = 0 }, began);

    void Found(StepFinding measured, double began)
    {
        StepFinding found = measured with { Seconds = Spent - began };
        folder.Add(found);
        folder.Write(state with { Spent = Spent });
        observer.Found(found);
    }

    sealed record Trial(
        int Number, int? Parent, int Step, Recipe Recipe, IReadOnlyDictionary<string, string> Change, string Hypothesis);
}
