// Test accuracy of the recipe that `./anneal tune fashion-mnist --budget 10m` finds.
//
// Claim     at least 93.0 % on average, within the budget plus 20 %
// Hardware  AMD EPYC (Zen 5, AVX512-BF16), 2 cores, 2026-11-21
// Versions  .NET 10, libtorch 1.13 (Debian 12)
// n         3 seeds
// Result    93.96 % on average (93.98, 94.00, 93.91), 527 to 532 s
// Run       bench/run tune-accuracy (half an hour)
namespace Anneal.Bench;

static class TuneAccuracy
{
    public static Bench Bench { get; } = new AccuracyOfSeeds("tune-accuracy", "test accuracy of what tune finds in ten minutes")
    {
        AtLeast = 0.93,
        Within = 600 * 1.2,
        Command = (seed, folder) => ["tune", "fashion-mnist", "--budget", "10m", "--seed", $"{seed}", "--out", folder],
    };
}
