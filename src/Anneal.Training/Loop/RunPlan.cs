using Anneal.Durations;
using Anneal.Events;
using Anneal.Stopping;
using Anneal.Torch;
using Anneal.Training.Data;
using Anneal.Training.Losses;
using Anneal.Training.Models;
using Anneal.Training.Modules;
using Anneal.Training.Optimizers;
using Anneal.Training.Rates;
using Anneal.Training.Recipes;

namespace Anneal.Training.Loop;

/// <summary>A recipe worked out for its data: which examples it trains on, how many steps it takes, and which values each has. What does not fit is refused here.</summary>
public sealed class RunPlan
{
    readonly int classes;

    /// <summary>Works a recipe out.</summary>
    /// <param name="recipe">What to do.</param>
    /// <param name="data">What the data is called, for messages.</param>
    /// <param name="labels">The class of each training example.</param>
    /// <param name="classes">How many classes the data has.</param>
    /// <exception cref="RecipeException">The recipe does not fit the data.</exception>
    public RunPlan(Recipe recipe, string data, ReadOnlySpan<byte> labels, int classes)
    {
        this.classes = classes;
        Recipe = recipe;
        Split = DataSplit.Stratified(labels, recipe.Validation, recipe.Seed);
        if (recipe.Classes is { } asked && asked != classes)
        {
            throw new RecipeException($"classes: a model's classes must be the data's. Received: {asked} classes for {data}, which has {classes}.");
        }
        if (Split.Training.Length == 0)
        {
            throw new RecipeException($"validation: at least one example must be left to train on. Received: {recipe.Validation} of {labels.Length}.");
        }
        if (recipe.Validation > 0 && Split.Validation.Length == 0)
        {
            throw new RecipeException($"validation: a share above 0 must set an example aside. Received: {recipe.Validation} of {labels.Length}.");
        }
        Length = LengthOf(recipe, Split.Training.Length);
        Clock = new ScheduleClock(recipe, Length);
        if (recipe.FinalWeights == FinalWeights.Best && recipe.Checkpoints.Best is null)
        {
            throw new RecipeException(
                "final-weights: the best are those of the best checkpoint, and the recipe must keep one. Received: checkpoints.best none.");
        }
        if (Split.Validation.Length == 0 && NeedsValidation() is { } watching)
        {
            throw new RecipeException(
                $"{watching}: what watches the validation examples needs some. Received: validation {recipe.Validation}; " +
                "set some aside, or watch training-loss.");
        }
        EvaluateEvery = Interval("evaluate-every", recipe.EvaluateEvery);
        LogEvery = Interval("log-every", recipe.LogEvery);
    }

    /// <summary>Works a recipe out for a data set.</summary>
    /// <exception cref="RecipeException">The recipe does not fit the data.</exception>
    public RunPlan(Recipe recipe, Dataset data)
        : this(Given.Value(recipe, nameof(recipe)), Given.Value(data, nameof(data)).Name, data.Training.Labels, data.Classes.Count) =>
        Remarks = Split.Remarks(data.Training.Labels, data.Classes);

    /// <summary>What is worked out.</summary>
    public Recipe Recipe { get; }

    /// <summary>Which examples are trained on and which are set aside.</summary>
    public DataSplit Split { get; }

    /// <summary>What a person should know of the data before the run starts.</summary>
    public IReadOnlyList<string> Remarks { get; private init; } = [];

    /// <summary>How many updates, and how many of them a pass over the data takes.</summary>
    public RunLength Length { get; }

    /// <summary>Updates between two measurements of the validation examples, at least 1; where they are broken, each is at the nearest step.</summary>
    public Period EvaluateEvery { get; }

    /// <summary>Updates between two steps that are written to the log; at least 1.</summary>
    public Period LogEvery { get; }

    /// <summary>All scheduled values.</summary>
    internal ScheduleClock Clock { get; }

    /// <summary>How long a recipe trains on so many examples.</summary>
    /// <exception cref="RecipeException">Its batch or its duration is none that a run could have.</exception>
    public static RunLength LengthOf(Recipe recipe, int examples)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        long perUpdate = (long)recipe.BatchSize * recipe.Accumulation;
        if (perUpdate > int.MaxValue)
        {
            throw new RecipeException(
                $"batch-size: an update must be of at most {int.MaxValue} examples. Received: {recipe.BatchSize} × {recipe.Accumulation} accumulated.");
        }
        long perEpoch = (examples + perUpdate - 1) / perUpdate;
        if (recipe.Duration.Unit == DurationUnit.Run)
        {
            throw new RecipeException($"duration: a run's own length must be in epochs, steps or samples. Received: {recipe.Duration}.");
        }
        RunLength onePass = new(1, perEpoch, (int)perUpdate);
        return InSteps("duration", recipe.Duration, onePass) is > 0 && recipe.Duration.ToSteps(onePass) is >= 1 and long steps
            ? new RunLength(steps, perEpoch, (int)perUpdate)
            : throw new RecipeException($"duration: a run must have at least one step. Received: {recipe.Duration}.");
    }

    /// <summary>The network for the data, its weights not yet drawn.</summary>
    internal Module BuildModel(ImageShape shape)
    {
        // A module that draws numbers of its own follows from the seed, too.
        using Generator own = new(Device.Cpu, Recipe.Seed);
        using Generator.Leave leave = own.Use();
        try
        {
            return Recipe.Model.Build(shape, classes);
        }
        catch (ArgumentException e)
        {
            throw new RecipeException($"model: {e.Message}", e);
        }
    }

    /// <summary>The optimizer of a network's parameters, at the start of training. Parts whose rate is 0 are frozen, and it has none of them.</summary>
    internal IOptimizer BindOptimizer(Module model)
    {
        IReadOnlyList<ParameterGroup> groups;
        try
        {
            groups = [.. ParameterGroups.Of(model, Recipe.RateFactors).Where(group => group.RateFactor != 0)];
            FrozenParts.Set(model, Recipe.RateFactors);
        }
        catch (ArgumentException e)
        {
            throw new RecipeException($"rate-factors: {e.Message}", e);
        }
        if (groups.Count == 0)
        {
            throw new RecipeException(
                $"rate-factors: at least one parameter must be trained. Received: a rate of 0 for all, by {string.Join(", ", Recipe.RateFactors)}.");
        }
        return Recipe.Optimizer.Bind(groups);
    }

    /// <summary>Refuses, before a run's folder is made, what techniques would refuse during training.</summary>
    /// <param name="device">Where the run trains.</param>
    internal void CheckValues(Device device)
    {
        using TensorScope scope = new();
        using GradientMode.Restore unrecorded = GradientMode.Off();
        Tensor logits = Tensor.Zeros([1, classes]).To(device);
        Tensor targets = Tensor.Zeros([1], DType.Int64).To(device);
        Dictionary<string, double> values = [];
        foreach (long step in Clock.CheckedSteps)
        {
            Clock.Read(step, values);
            try
            {
                _ = Recipe.Loss.Compute(new LossContext { Logits = logits, Targets = targets, Values = values });
            }
            catch (ArgumentException e)
            {
                throw new RecipeException($"At step {step}: {e.Message}", e);
            }
        }
    }

    // Less than a step means every step; nothing means nothing that a run could do.
    Period Interval(string name, Duration duration) => duration.Amount > 0
        ? Math.Max(1, InSteps(name, duration, Length))
        : throw new RecipeException($"{name}: the time between two must be above 0. Received: {duration}.");

    static double InSteps(string name, Duration duration, RunLength length)
    {
        try
        {
            return duration.InSteps(length);
        }
        catch (OverflowException e)
        {
            throw new RecipeException($"{name}: {e.Message}", e);
        }
    }

    // The key of what watches a metric of the validation examples; null where nothing does.
    string? NeedsValidation() =>
        Clock.NeedsValidation
        ?? (Recipe.Stop.Any(rule => rule.Watched is { } metric && RunMetric.IsOfValidation(metric)) ? "stop"
        : Recipe.FinalWeights == FinalWeights.Best && RunMetric.IsOfValidation(Recipe.Checkpoints.Best!.Metric) ? "final-weights"
        : null);
}
