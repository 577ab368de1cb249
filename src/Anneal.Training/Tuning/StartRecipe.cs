using System.Diagnostics;
using Anneal.Durations;
using Anneal.Events;
using Anneal.Statistics;
using Anneal.Training.Augmentation;
using Anneal.Training.Data;
using Anneal.Training.Initialization;
using Anneal.Training.Loop;
using Anneal.Training.Losses;
using Anneal.Training.Models;
using Anneal.Training.Optimizers;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tuning;

/// <summary>The recipe that a study starts from, with a network as large as its budget can search with.</summary>
static class StartRecipe
{
    // A refining trial makes four passes, the fewest whose curves can be read, with its share of the processor, and
    // should take a fifth of the budget at most: two rounds then fit beside the coarse search and the final training.
    const int RefiningEpochs = 4;
    const double RefiningShare = 0.2;
    const int WarmupSteps = 5;
    const int MostMeasured = 1000;

    /// <summary>How long a speed is measured that little hangs on.</summary>
    internal const double MeasuredSeconds = 2;

    // Processors multiply bfloat16 in blocks of 16 channels: widths between these cost as much as the next.
    static readonly int[] Widths = [8, 16, 32, 48, 64];

    /// <summary>A residual network of a measured speed, with what is known to do no harm: Nesterov momentum, light weight decay and label smoothing, crops and flips.</summary>
    internal static Recipe Choose(Dataset data, TimeSpan budget, int parallel, ulong seed, CancellationToken cancellation)
    {
        bool images = data.Shape is { Height: >= 8, Width: >= 8 };
        Recipe recipe = new()
        {
            Data = data.Name,
            Seed = seed,
            Model = images ? new ResNet9 { Width = Widths[0] } : new Mlp { Hidden = [256] },
            Initialization = new He(),
            Optimizer = new Sgd { Momentum = 0.9, Nesterov = true, WeightDecay = 5e-4 },
            LearningRate = "one-cycle(max=0.1)",
            Loss = new CrossEntropy { Smoothing = 0.05 },
            Augmentation = images ? [new RandomCrop { Padding = 2 }, new HorizontalFlip()] : [],
            Duration = Duration.Epochs(RefiningEpochs),
        };
        if (!images)
        {
            return recipe;
        }
        foreach (int width in Widths[1..])
        {
            Recipe larger = recipe with { Model = new ResNet9 { Width = width } };
            double alone = ImagesPerSecond(larger, data, MeasuredSeconds, cancellation) / parallel;
            if (RefiningEpochs * data.Training.Count / alone > RefiningShare * budget.TotalSeconds)
            {
                break;
            }
            recipe = larger;
        }
        return recipe;
    }

    /// <summary>Training images per second with the whole machine: by the median step of some seconds, after a few to warm up, so that no moment of other work counts.</summary>
    /// <remarks>A virtual machine's speed changes with where its host puts it, within seconds: what a long training is planned by is measured for longer.</remarks>
    internal static double ImagesPerSecond(Recipe recipe, Dataset data, double measuredSeconds, CancellationToken cancellation)
    {
        using TrainingRun run = new(
            recipe with { Duration = Duration.Steps(MostMeasured), EvaluateEvery = Duration.Steps(MostMeasured), LogEvery = Duration.Steps(1) }, data);
        List<double> seconds = [];
        long began = Stopwatch.GetTimestamp();
        long before = began;
        foreach (TrainingEvent happened in run.Events(cancellation))
        {
            if (happened is not (StepEnded or StepSkipped))
            {
                continue;
            }
            seconds.Add(Stopwatch.GetElapsedTime(before).TotalSeconds);
            before = Stopwatch.GetTimestamp();
            if (seconds.Count > 2 * WarmupSteps && Stopwatch.GetElapsedTime(began).TotalSeconds > measuredSeconds)
            {
                break;
            }
        }
        cancellation.ThrowIfCancellationRequested();
        return run.Length.BatchSize / Median.Of([.. seconds[Math.Min(WarmupSteps, seconds.Count - 1)..]]);
    }
}
