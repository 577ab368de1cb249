using Anneal.Durations;
using Anneal.Events;
using Anneal.Torch;
using Anneal.Training.Augmentation;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Models;
using Anneal.Training.Optimizers;
using Anneal.Training.Recipes;

namespace Anneal.Bench;

/// <summary>Anneal's side of the step benches: a real run, which is enumerated, with its data pipeline and its logging.</summary>
static class Steps
{
    /// <summary>Steps between two events, and so what one call of the returned action makes.</summary>
    public const int PerCall = 5;

    /// <summary>Whole batches of every size that is measured, so that no step is smaller than the others.</summary>
    const int Examples = 128 * 100;

    /// <summary>As many threads as `anneal train` takes: one a physical core.</summary>
    public static int PhysicalCores
    {
        get
        {
            string[] lines = File.ReadAllLines("/proc/cpuinfo");
            string[] Of(string key) => [.. lines.Where(line => line.StartsWith(key, StringComparison.Ordinal))];
            int cores = Of("physical id").Zip(Of("core id")).Distinct().Count();
            return cores == 0 ? Environment.ProcessorCount : Math.Min(cores, Environment.ProcessorCount);
        }
    }

    /// <summary>A recipe with the settings of the peers: SGD at 0.01 with Nesterov momentum 0.9 and weight decay 5e-4.</summary>
    public static Recipe Recipe(Model model, int batch = 128, params IReadOnlyList<IBatchTransform> augmentation) => new()
    {
        Model = model,
        BatchSize = batch,
        Optimizer = new Sgd { Momentum = 0.9, Nesterov = true, WeightDecay = 5e-4 },
        LearningRate = 0.01,
        Augmentation = augmentation,
        Validation = 0,
        Duration = Duration.Steps(1L << 40),
        LogEvery = Duration.Steps(PerCall),
    };

    /// <summary>Starts a run on images of noise and returns what trains it by <see cref="PerCall"/> steps.</summary>
    public static Action Of(Recipe recipe, int threads, ImageShape? shape = null)
    {
        Engine.Threads = threads;
        TrainingRun run = new(recipe, Noise(shape));
        IEnumerator<TrainingEvent> events = run.Events().GetEnumerator();
        return () =>
        {
            do
            {
                events.MoveNext();
            }
            while (events.Current is not StepEnded);
        };
    }

    /// <summary>Images of random pixels with random labels of ten classes; grey 28×28 where no shape is given.</summary>
    public static Dataset Noise(ImageShape? of = null)
    {
        Random random = new(1);
        ImageShape shape = of ?? new(1, 28, 28);
        Examples Draw(int count)
        {
            byte[] pixels = new byte[count * shape.Count];
            random.NextBytes(pixels);
            return new Examples(pixels, [.. Enumerable.Range(0, count).Select(_ => (byte)random.Next(10))], shape);
        }
        return new Dataset("noise", Draw(Examples), Draw(100), [.. Enumerable.Range(0, 10).Select(label => $"{label}")]);
    }
}
