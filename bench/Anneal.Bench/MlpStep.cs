// One training step of an MLP 784-128-10 at batch 32, where calling costs more than computing.
//
// Claim     at least 2 times as fast as the best of fourteen PyTorch scripts
// Hardware  AMD EPYC (Zen 5, AVX512-BF16), 2 cores, 2026-11-21
// Versions  .NET 10, libtorch 1.13, PyTorch 1.13 (Debian 12)
// n         5 rounds of 4 s a side; the default is more
// Result    140 against 406 µs, 2.9 times as fast; the peer varies between 217 and 483 µs from one process to the next, so 1.6 against its luckiest
// Run       bench/run mlp-step
//
// Anneal's side draws, normalizes and logs its batches, counts what was right and watches for losses and gradients that
// are not finite; the peers do the bare step on one batch and read the loss. bench/peers/mlp_step.py lists the variants.
using Anneal.Training.Models;
using Anneal.Training.Optimizers;

namespace Anneal.Bench;

static class MlpStep
{
    public static Bench Bench { get; } = new Comparison("mlp-step", "a step of a small MLP, against the best of many PyTorch scripts")
    {
        Cases =
        [
            new("mlp 784-128-10, batch 32", () => Steps.Of(Steps.Recipe(new Mlp(), batch: 32) with { Optimizer = new Sgd() }, threads: 1),
                new Peer("PyTorch, best variant", 2, "mlp_step.py"))
            {
                StepsPerCall = Steps.PerCall,
            },
        ],
    };
}
