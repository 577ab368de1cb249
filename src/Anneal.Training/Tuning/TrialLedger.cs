using Anneal.Curves;
using Anneal.Events;
using Anneal.Search;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tuning;

/// <summary>The trials of a study: their numbers, how far each is, and what is written down of them. Trials run side by side; it owns the lock.</summary>
/// <param name="folder">Where the notebook is.</param>
/// <param name="runner">Trains them.</param>
/// <param name="observer">Told of each; one call at a time.</param>
/// <param name="clock">What their seconds are counted by.</param>
/// <param name="validation">Examples that each trial is measured on.</param>
/// <param name="written">Called when a trial is in the notebook.</param>
sealed class TrialLedger(StudyFolder folder, ITrialRunner runner, IStudyObserver observer, StudyClock clock, int validation, Action written)
{
    // Before the first trial has shown it.
    const double ExpectedAround = 1.5;

    readonly Lock turn = new();
    readonly HashSet<int> taken = [];
    readonly List<TrialSnapshot> snapshots = [];

    /// <summary>The trials that a step asked for and that have ended.</summary>
    internal IReadOnlyList<NotebookEntry> Of(int step)
    {
        lock (turn)
        {
            return [.. folder.Notebook.Where(entry => entry.Step == step)];
        }
    }

    /// <summary>The best of the trials that a step asked for; null where none is sound.</summary>
    internal NotebookEntry? BestOf(int step) => Best(Of(step));

    /// <summary>The best of some trials; null where none is sound.</summary>
    internal NotebookEntry? Best(IEnumerable<NotebookEntry> trials) => Ranked(trials) is [var first, ..] ? first : null;

    /// <summary>The sound ones of some trials, the best first. Accuracies within a standard error of the best are one: there the loss decides, which knows more of each example.</summary>
    internal IReadOnlyList<NotebookEntry> Ranked(IEnumerable<NotebookEntry> trials)
    {
        NotebookEntry[] sound = [.. trials.Where(IsSound)];
        double highest = sound.Select(entry => entry.ValidationAccuracy!.Value).DefaultIfEmpty(0).Max();
        double near = highest - StandardError(highest, validation);
        return
        [
            .. sound.Where(entry => entry.ValidationAccuracy >= near).OrderBy(entry => entry.ValidationLoss).ThenByDescending(entry => entry.ValidationAccuracy),
            .. sound.Where(entry => entry.ValidationAccuracy < near).OrderByDescending(entry => entry.ValidationAccuracy),
        ];
    }

    /// <summary>The binomial standard error of an accuracy, with Laplace's estimate of it: that of 1 is not 0.</summary>
    internal static double StandardError(double accuracy, int examples)
    {
        double estimated = ((accuracy * examples) + 1) / (examples + 2);
        return Math.Sqrt(estimated * (1 - estimated) / Math.Max(examples, 1));
    }

    /// <summary>Whether so much accuracy is no more than a guess comes to: within two standard errors of the most frequent class's share.</summary>
    internal bool IsNearChance(double accuracy, double trivial) => accuracy <= trivial + (2 * StandardError(trivial, validation));

    /// <summary>Seconds that a trial takes beside its training: the start of its process, reading the data, its end.</summary>
    internal double Around(NotebookEntry entry) => Math.Max(0, entry.Seconds - Trained(entry));

    /// <summary>Seconds of training, validation included, for a pass of a trial, by its own clock.</summary>
    internal double Pass(NotebookEntry entry) => Trained(entry) / Math.Max(entry.Epochs, 1e-3);

    /// <summary>Seconds that a trial is around its training, as those made so far were.</summary>
    internal double UsuallyAround()
    {
        NotebookEntry[] ended = [.. folder.Notebook.Where(entry => entry.Outcome == "completed" && entry.Step < 8)];
        return ended.Length == 0 ? ExpectedAround : Statistics.Median.Of([.. ended.Select(Around)]);
    }

    double Trained(NotebookEntry entry) =>
        folder.EventsOf(entry.Trial).Select(happened => happened.Seconds).DefaultIfEmpty(entry.Seconds).Max();

    /// <summary>Whether a trial measured an accuracy that can be compared with others.</summary>
    internal static bool IsSound(NotebookEntry entry) => entry is { ValidationAccuracy: not null, Outcome: "completed" or "stopped-early" };

    /// <summary>A number for a trial: the lowest of none. A trial that was interrupted left its number free, and those after it may be taken.</summary>
    internal int Take()
    {
        lock (turn)
        {
            HashSet<int> used = [.. taken, .. folder.Notebook.Select(entry => entry.Trial)];
            int number = Enumerable.Range(1, used.Count + 1).First(number => !used.Contains(number));
            taken.Add(number);
            return number;
        }
    }

    /// <summary>Trains a trial, and writes it down when it has ended.</summary>
    /// <param name="trial">What to train.</param>
    /// <param name="pruner">Ends it where it falls behind the trials of its own step; null for none.</param>
    /// <param name="giveUp">Ends it at once, whatever it does: there is no time to wait for it.</param>
    /// <param name="cancellation">Interrupts it: it is not written down, and made again.</param>
    /// <returns>Its entry.</returns>
    internal async Task<NotebookEntry> Train(Trial trial, IPruner? pruner, CancellationToken giveUp, CancellationToken cancellation)
    {
        double began = clock.Spent;
        observer.Started(trial.Number, Words(trial.Change));
        List<TrainingEvent> events = [];
        PruneReason? pruned = null;
        if (pruner is not null)
        {
            Recall(trial.Step);
            Watch(new TrialSnapshot { Number = trial.Number, State = TrialState.Running });
        }
        TrialOutcome outcome = await runner.Train(
            new TrialRequest(trial.Recipe, folder.TrialFolder(trial.Number), Alone: false) { GiveUp = giveUp },
            happened =>
            {
                lock (turn)
                {
                    events.Add(happened);
                    observer.Happened(trial.Number, happened);
                    if (happened is Evaluated evaluated && pruner is not null)
                    {
                        TrialSnapshot known = snapshots.Find(snapshot => snapshot.Number == trial.Number)!;
                        Watch(known = known with { Intermediate = [.. known.Intermediate, new IntermediateValue(evaluated.Epochs, evaluated.Accuracy)] });
                        // At its last measurement a trial is over as it is.
                        if (evaluated.Epochs < trial.Recipe.Duration.Amount - 1e-6)
                        {
                            pruned ??= pruner.Decide(known, snapshots);
                        }
                    }
                    return pruned is null;
                }
            },
            cancellation).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        lock (turn)
        {
            NotebookEntry entry = Entry(trial, pruned, outcome, events, clock.Spent - began);
            if (pruner is not null)
            {
                Watch(snapshots.Find(snapshot => snapshot.Number == trial.Number)! with { State = StateOf(entry) });
            }
            folder.Add(entry);
            written();
            observer.Ended(entry);
            return entry;
        }
    }

    /// <summary>A change as people read it.</summary>
    internal static string Words(IReadOnlyDictionary<string, string> change) => string.Join(", ", change.Select(value => $"{value.Key} {value.Value}"));

    NotebookEntry Entry(Trial trial, PruneReason? pruned, TrialOutcome outcome, List<TrainingEvent> events, double seconds)
    {
        string ending = pruned is not null || outcome.Outcome == "late" ? "stopped-early" : outcome.Outcome;
        // A trial that trained to its end is what it is there; the best of its measurements would be luck, where examples are few.
        Evaluated? best = ending == "completed"
            ? events.OfType<Evaluated>().LastOrDefault()
            : events.OfType<Evaluated>().MaxBy(evaluated => evaluated.Accuracy);
        double? parent = trial.Parent is { } number ? folder.Notebook.FirstOrDefault(entry => entry.Trial == number)?.ValidationAccuracy : null;
        return new NotebookEntry
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
            Seconds = seconds,
            Diagnoses = trial.Step == 5 ? [.. Doctor.Examine(CurveHistory.From(events)).Select(diagnosis => diagnosis.Name)] : [],
            Conclusion = pruned?.Reason
                ?? (ending != "completed" ? outcome.Reason
                    : best is null ? "No accuracy was measured."
                    : parent is { } accuracy
                        ? $"{best.Accuracy:P2}, {(best.Accuracy >= accuracy ? "+" : "−")}{Math.Abs(best.Accuracy - accuracy) * 100:0.00} points against trial {trial.Parent}."
                    : $"{best.Accuracy:P2} after {best.Epochs:0.##} epochs."),
            Folder = StudyFolder.Relative(trial.Number),
        };
    }

    // What sessions before this one measured is a part of what trials are compared with.
    void Recall(int step)
    {
        lock (turn)
        {
            foreach (NotebookEntry entry in folder.Notebook.Where(entry => entry.Step == step && snapshots.TrueForAll(known => known.Number != entry.Trial)))
            {
                Watch(new TrialSnapshot
                {
                    Number = entry.Trial,
                    State = StateOf(entry),
                    Intermediate = [.. folder.EventsOf(entry.Trial).OfType<Evaluated>().Select(evaluated => new IntermediateValue(evaluated.Epochs, evaluated.Accuracy))],
                });
            }
        }
    }

    void Watch(TrialSnapshot snapshot)
    {
        lock (turn)
        {
            int place = snapshots.FindIndex(known => known.Number == snapshot.Number);
            if (place < 0)
            {
                snapshots.Add(snapshot);
            }
            else
            {
                snapshots[place] = snapshot;
            }
        }
    }

    static TrialState StateOf(NotebookEntry entry) =>
        entry.Outcome switch { "completed" => TrialState.Completed, "stopped-early" => TrialState.Pruned, _ => TrialState.Failed };
}
