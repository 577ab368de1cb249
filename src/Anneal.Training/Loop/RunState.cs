using Anneal.Torch;
using Anneal.Training.Averaging;
using Anneal.Training.Checkpoints;
using Anneal.Training.Evaluation;
using Anneal.Training.Modules;
using Anneal.Training.Optimizers;
using Anneal.Training.Recipes;

namespace Anneal.Training.Loop;

/// <summary>All that training changes: weights, buffers, optimizer state, averages, generators. It can be captured, and put back.</summary>
/// <param name="model">The network.</param>
/// <param name="optimizer">What changes its weights.</param>
/// <param name="average">An average of them; null for none.</param>
/// <param name="generators">What dropout and weight noise draw from.</param>
/// <param name="statistics">Statistics of normalization to evaluate with, which training does not go on from; null for the running ones.</param>
sealed class RunState(
    Module model, IOptimizer optimizer, IBoundAverage? average, RunGenerators generators, FittedStatistics? statistics) : IDisposable
{
    const string Prefix = "statistics.";

    internal Module Model => model;

    internal IOptimizer Optimizer => optimizer;

    internal IBoundAverage? Average => average;

    internal FittedStatistics? Statistics => statistics;

    internal RunGenerators Generators => generators;

    /// <summary>The state of this moment. Its tensors are the run's own and go on changing: whoever keeps it writes it at once.</summary>
    /// <param name="progress">How far the run has come; receives counts and generator states.</param>
    /// <param name="description">What a model's file says beside its weights.</param>
    internal Checkpoint Capture(Progress progress, IReadOnlyDictionary<string, string> description)
    {
        progress.OptimizerSteps = optimizer.Steps;
        progress.AverageSteps = average?.Updates ?? 0;
        generators.Capture(progress);
        return new Checkpoint(progress.Copy(), [.. TensorsToKeep()]) { Description = description };
    }

    /// <summary>Takes the state of a checkpoint. Nothing is changed where it does not fit.</summary>
    /// <exception cref="RecipeException">The checkpoint is of another recipe.</exception>
    internal void Restore(string file, Checkpoint checkpoint)
    {
        TakeTensors(file, checkpoint);
        Progress progress = checkpoint.Progress;
        optimizer.Steps = progress.OptimizerSteps;
        if (average is not null)
        {
            average.Updates = progress.AverageSteps;
        }
        generators.Restore(progress);
    }

    /// <summary>Takes the tensors of a checkpoint alone. Nothing is changed where it does not fit.</summary>
    /// <exception cref="RecipeException">The checkpoint is of another recipe.</exception>
    internal void TakeTensors(string file, Checkpoint checkpoint)
    {
        List<(Tensor Source, Tensor Target)> pairs = Pair(file, checkpoint);
        using GradientMode.Restore unrecorded = GradientMode.Off();
        foreach ((Tensor source, Tensor target) in pairs)
        {
            target.CopyFrom(source);
        }
        statistics?.Take(checkpoint.Tensors.Where(IsStatistic).ToDictionary(named => named.Key[Prefix.Length..], named => named.Value));
    }

    public void Dispose()
    {
        statistics?.Dispose();
        generators.Dispose();
        average?.Dispose();
        optimizer.Dispose();
        model.Dispose();
    }

    /// <summary>All tensors by name, and the statistics to evaluate with where others than the running ones fit.</summary>
    internal IEnumerable<KeyValuePair<string, Tensor>> TensorsToKeep() =>
        Tensors().Concat((statistics?.Tensors ?? []).Select(named => KeyValuePair.Create(Prefix + named.Key, named.Value)));

    /// <summary>All tensors by name, the run's own.</summary>
    internal IEnumerable<KeyValuePair<string, Tensor>> Tensors() =>
    [
        .. model.State().Select(named => KeyValuePair.Create("model." + named.Key, named.Value)),
        .. optimizer.Tensors.Select(named => KeyValuePair.Create("optimizer." + named.Key, named.Value)),
        .. (average?.Tensors ?? []).Select(named => KeyValuePair.Create("average." + named.Key, named.Value)),
    ];

    static bool IsStatistic(KeyValuePair<string, Tensor> named) => named.Key.StartsWith(Prefix, StringComparison.Ordinal);

    List<(Tensor Source, Tensor Target)> Pair(string file, Checkpoint checkpoint)
    {
        Dictionary<string, Tensor> saved = new(checkpoint.Tensors.Where(named => !IsStatistic(named)));
        foreach ((string name, Tensor tensor) in checkpoint.Tensors.Where(IsStatistic))
        {
            if (statistics is not null && !statistics.Fits(name[Prefix.Length..], tensor))
            {
                throw Unfit($"whose '{name}' is {tensor}, which is no statistic of the model");
            }
        }
        List<(Tensor Source, Tensor Target)> pairs = [];
        foreach ((string name, Tensor tensor) in Tensors())
        {
            if (!saved.TryGetValue(name, out Tensor? source))
            {
                if (IsThawed(name, checkpoint))
                {
                    // It begins to be trained here, with an optimizer's state of nothing yet.
                    continue;
                }
                throw Unfit($"which has no '{name}'");
            }
            if (source.DType != tensor.DType || !source.Shape.AsSpan().SequenceEqual(tensor.Shape))
            {
                throw Unfit($"whose '{name}' is {source} and not {tensor}");
            }
            pairs.Add((source, tensor));
            saved.Remove(name);
        }
        // A frozen parameter has no state of an optimizer: what it had before it was frozen is not needed any more.
        foreach ((string path, _) in model.Parameters().Where(named => named.Value.IsFrozen))
        {
            foreach (string left in saved.Keys.Where(name => IsOfOptimizer(name, path)).ToArray())
            {
                saved.Remove(left);
            }
        }
        return saved.Count == 0 ? pairs : throw Unfit($"which has '{saved.Keys.First()}' that the run has no use for");

        bool IsThawed(string name, Checkpoint from) =>
            model.Parameters().Any(named => IsOfOptimizer(name, named.Key) && !from.Tensors.Any(other => IsOfOptimizer(other.Key, named.Key)));

        RecipeException Unfit(string received) => new($"A checkpoint fits the recipe it was made with. Received: {file}, {received}.");
    }

    static bool IsOfOptimizer(string name, string path) =>
        name.StartsWith("optimizer.", StringComparison.Ordinal) && name.EndsWith("." + path, StringComparison.Ordinal);
}
