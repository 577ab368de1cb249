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
    // A refining trial, with its share of the processor, should take a fifth of the budget at most: two rounds then fit
    // beside the coarse search and the final training.
    const double RefiningShare = 0.2;
    // Of the budget, what measuring the speed of one width may take.
    const double MeasuredShare = 0.008;
    // A pass of fewer updates learns little: where there are few examples, batches are smaller.
    const int UpdatesPerPass = 20;
    const int WarmupSteps = 5;
    const int MostMeasured = 300;

    /// <summary>How long a speed is measured that little hangs on.</summary>
    internal static double MeasuredSeconds(double budget) => Math.Min(2, MeasuredShare * budget);

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
            // Others, flips among them, are the search's to try.
            Augmentation = images ? Augmentations.Of(Augmentations.Crop, data.Shape) : [],
            BatchSize = Batch(data),
            Duration = Duration.Epochs(TrialLength.RefiningEpochs),
        };
        if (!images)
        {
            return recipe;
        }
        double pictures = Math.Max(TrialLength.RefiningEpochs * data.Training.Count, TrialLength.RefiningUpdates * recipe.BatchSize);
        foreach (int width in Widths[1..].Where(width => width <= WidestFor(data)))
        {
            Recipe larger = recipe with { Model = new ResNet9 { Width = width } };
            double alone = ImagesPerSecond(larger, data, MeasuredSeconds(budget.TotalSeconds), cancellation) / parallel;
            if (pictures / alone > RefiningShare * budget.TotalSeconds)
            {
                break;
            }
            recipe = larger;
        }
        return recipe;
    }

    /// <summary>What anybody would try first, without a search: a small plain network, one cycle, nothing drawn. A study that does worse has failed.</summary>
    /// <param name="like">The study's own start, whose validation examples it shares.</param>
    /// <param name="data">The data.</param>
    internal static Recipe Plainest(Recipe like, Dataset data)
    {
        int stages = Math.Min(3, (int)Math.Log2(Math.Min(data.Shape.Height, data.Shape.Width)));
        return new Recipe
        {
            Data = like.Data,
            Seed = like.Seed,
            Validation = like.Validation,
            Model = stages >= 2 ? new ConvNet { Widths = [.. ((int[])[16, 32, 64])[..stages]] } : new Mlp { Hidden = [128] },
            Initialization = new He(),
            Optimizer = new Sgd { Momentum = 0.9, Nesterov = true, WeightDecay = 5e-4 },
            LearningRate = "one-cycle(max=0.05)",
            BatchSize = Batch(data),
        };
    }

    // A power of two from 16 to 128.
    static int Batch(Dataset data)
    {
        int batch = 128;
        while (batch > 16 && data.Training.Count / batch < UpdatesPerPass)
        {
            batch /= 2;
        }
        return batch;
    }

    // A wide network of few or small pictures only takes longer.
    static int WidestFor(Dataset data) => (data.Training.Count, Math.Min(data.Shape.Height, data.Shape.Width)) switch
    {
        ( < 2_000, _) => 8,
        ( < 8_000, _) or (_, < 16) => 16,
        ( < 20_000, _) => 32,
        _ => 64,
    };

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
            // On a machine that is very slow a few steps must do.
            double measured = Stopwatch.GetElapsedTime(began).TotalSeconds;
            if (measured > measuredSeconds && seconds.Count > (measured > 2 * measuredSeconds ? 2 : 2 * WarmupSteps))
            {
                break;
            }
        }
        cancellation.ThrowIfCancellationRequested();
        return run.Length.BatchSize / Median.Of([.. seconds[Math.Min(WarmupSteps, seconds.Count - 1)..]]);
    }
}
