// Validation in mid-run with statistics of normalization that fit the weights, against the running ones, as in PyTorch.
//
// Claim     under a high rate no measurement is more than two points below the best before it; final test accuracy not lower
// Hardware  AMD EPYC (Zen 5, AVX512-BF16), one thread, 2026-11-25, other work beside it
// Versions  .NET 10, libtorch 1.13 (Debian 12)
// n         seed 0, 25 passes each, measured after each
// Result    raw weights: deepest dip 14.3 → 2.0 points, test 93.16 % both ways; averaged: 2.9 → 0.4 points, test 93.00 % both ways.
//           2.0 only just meets the claim
// Run       bench/run statistics-dip (a quarter of an hour; --rounds sets the passes)
//
// The weights of the two runs of a pair are the same to the bit: only what they are measured and saved with differs.
using Anneal.Durations;
using Anneal.Events;
using Anneal.Torch;
using Anneal.Training.Augmentation;
using Anneal.Training.Averaging;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Losses;
using Anneal.Training.Models;
using Anneal.Training.Optimizers;
using Anneal.Training.Recipes;

namespace Anneal.Bench;

sealed record StatisticsDip() : Bench("statistics-dip", "no dip of the validation accuracy above two points under a high rate")
{
    const double DeepestDip = 0.02;

    // What the same network may differ by on 10,000 test examples without meaning anything.
    const double Noise = 0.001;

    public override bool Run(Setting setting, TextWriter output)
    {
        output.WriteLine($"{Name}: {Claim}");
        Engine.Threads = 1;
        using Dataset data = Dataset.Open("fashion-mnist");
        Recipe recipe = new()
        {
            Model = new ResNet9 { Width = 8 },
            Optimizer = new Sgd { Momentum = 0.9, Nesterov = true, WeightDecay = 0.0038 },
            LearningRate = "one-cycle(max=0.166)",
            Loss = new CrossEntropy { Smoothing = 0.05 },
            Augmentation = [new RandomCrop { Padding = 2 }, new HorizontalFlip()],
            Duration = Duration.Epochs(setting.Rounds ?? 25),
        };
        bool reached = true;
        (string, IWeightAverage?)[] weights = [("raw", null), ("averaged", new ExponentialMovingAverage { Decay = 0.999 })];
        foreach ((string name, IWeightAverage? averaging) in weights)
        {
            (double dip, double final) before = Train(NormalizationStatistics.Running);
            (double dip, double final) after = Train(NormalizationStatistics.Auto);
            bool smooth = after.dip <= DeepestDip;
            bool good = after.final >= before.final - Noise;
            output.WriteLine(
                $"  {name}: deepest dip {before.dip:P1} → {after.dip:P1} (at most {DeepestDip:P0}: {(smooth ? "reached" : "MISSED")}), " +
                $"test accuracy {before.final:P2} → {after.final:P2} (not lower by {Noise:P1}: {(good ? "reached" : "MISSED")})");
            reached &= smooth && good;

            (double Dip, double Final) Train(NormalizationStatistics statistics)
            {
                using TrainingRun run = (recipe with { Averaging = averaging, NormalizationStatistics = statistics }).Start(data);
                double[] accuracies = [.. run.Events().OfType<Evaluated>().Select(evaluated => evaluated.Accuracy)];
                output.WriteLine($"  {name}, {statistics}: {string.Join(" ", accuracies.Select(accuracy => $"{accuracy * 100:0.0}"))}");
                double best = 0;
                double deepest = 0;
                foreach (double accuracy in accuracies)
                {
                    best = Math.Max(best, accuracy);
                    deepest = Math.Max(deepest, best - accuracy);
                }
                return (deepest, run.Evaluate(data.Test).Accuracy);
            }
        }
        return reached;
    }
}
