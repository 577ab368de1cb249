using System.Text;
using Anneal.Search;
using Anneal.Torch.Serialization;
using Anneal.Training.Data;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tuning;

/// <summary>What the steps of a study hand on to each other: the recipe so far, the trials, and how much of the budget is spent.</summary>
sealed class StudyCourse
{
    StudyState state;

    internal StudyCourse(
        StudyOptions options, Dataset data, ITrialRunner runner, StudyFolder folder, IStudyObserver observer, StudyClock clock, StudyState state)
    {
        this.state = state;
        (Options, Data, Runner, Folder, Observer, Clock) = (options, data, runner, folder, observer, clock);
        int[] labels = [.. ValidationOf(data, options)];
        Validation = labels.Length;
        Trivial = labels.Length == 0 ? 0 : (double)labels.CountBy(label => label).Max(count => count.Value) / labels.Length;
        Ledger = new TrialLedger(folder, runner, observer, clock, Validation, Save);
    }

    internal StudyOptions Options { get; }

    internal Dataset Data { get; }

    internal ITrialRunner Runner { get; }

    internal StudyFolder Folder { get; }

    internal IStudyObserver Observer { get; }

    internal StudyClock Clock { get; }

    internal TrialLedger Ledger { get; }

    /// <summary>Examples that trials are compared by.</summary>
    internal int Validation { get; }

    /// <summary>The accuracy of whoever always says the most frequent class.</summary>
    internal double Trivial { get; }

    /// <summary>What is kept of the course, apart from findings and trials.</summary>
    internal StudyState State => state;

    /// <summary>How the final training ended; null before it has.</summary>
    internal TrialOutcome? Outcome { get; set; }

    /// <summary>The recipe that the steps have come to.</summary>
    internal Recipe Recipe => RecipeText.Read(state.Recipe, catalog: Options.Catalog);

    /// <summary>Keeps what the steps after this one need to know. The caller writes it down by <see cref="Save()"/>.</summary>
    internal void Keep(Func<StudyState, StudyState> change) => state = change(state);

    /// <summary>Writes down how far the study is.</summary>
    internal void Save() => Folder.Write(state with { Spent = Clock.Spent });

    /// <summary>Makes a recipe the study's own: one that is stopped at any time leaves the best so far.</summary>
    internal void Save(Recipe recipe)
    {
        state = state with { Recipe = RecipeText.Write(recipe, Options.Catalog) };
        Save();
        DurableFile.Write(Path.Combine(Folder.Path, "recipe.yaml"), stream => stream.Write(Encoding.UTF8.GetBytes(state.Recipe)));
    }

    /// <summary>Whether a trial got no further than a guess does.</summary>
    internal bool IsNearChance(NotebookEntry? entry) => entry?.ValidationAccuracy is not { } accuracy || Ledger.IsNearChance(accuracy, Trivial);

    /// <summary>Whether a step is still to be done; whoever watches is told that it begins.</summary>
    internal bool Begin(int step, string title)
    {
        if (Folder.Steps.Any(finding => finding.Step == step))
        {
            return false;
        }
        Observer.Begins(step, title);
        return true;
    }

    static IEnumerable<int> ValidationOf(Dataset data, StudyOptions options)
    {
        Recipe split = options.Start ?? new Recipe();
        return DataSplit.Stratified(data.Training.Labels, split.Validation, options.Start?.Seed ?? options.Seed).Validation
            .Select(index => (int)data.Training.Labels[index]);
    }

    /// <summary>Writes down what a step found.</summary>
    /// <param name="measured">Its seconds are counted here.</param>
    /// <param name="began">Seconds spent when it began.</param>
    internal void Found(StepFinding measured, double began)
    {
        StepFinding found = measured with { Seconds = Clock.Spent - began };
        Folder.Add(found);
        Save();
        Observer.Found(found);
    }
}
