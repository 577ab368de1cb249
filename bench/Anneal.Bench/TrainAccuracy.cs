// Test accuracy of `./anneal train recipes/fashion-mnist.yaml`.
//
// Claim     at least 94.0 % on average, each run within 10 minutes
// Hardware  not yet measured on a quiet machine; meant for 2 cores
// Versions  .NET 10, libtorch 1.13 (Debian 12)
// n         3 seeds
// Run       bench/run train-accuracy (half an hour)
namespace Anneal.Bench;

internal static class TrainAccuracy
{
    public static Bench Bench { get; } = new AccuracyOfSeeds("train-accuracy", "test accuracy of recipes/fashion-mnist.yaml")
    {
        AtLeast = 0.94,
        Within = 600,
        Command = (seed, folder) =>
            ["train", Path.Combine(Repository.Root, "recipes", "fashion-mnist.yaml"), "--seed", $"{seed}", "--out", folder],
    };
}
