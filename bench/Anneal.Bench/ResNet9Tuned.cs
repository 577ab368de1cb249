// One training step of resnet9, as `anneal train` makes it by default, against a PyTorch script tuned by hand.
//
// Claim     at least as fast
// Hardware  AMD EPYC (Zen 5, AVX512-BF16), 2 cores, 2026-11-21
// Versions  .NET 10, libtorch 1.13, PyTorch 1.13 (Debian 12)
// n         5 rounds of 4 s a side; the default is more
// Result    110 ms against 120 ms, 1.10 times as fast (one thread each: 172 against 194 ms, 1.12)
// Run       bench/run resnet9-tuned
//
// The peer: channels-last, bf16 autocast, glibc's thresholds raised, gradients set to None, as many threads as Anneal.
// Its batch is there before the clock starts; Anneal's side draws, normalizes and logs its batches.
using Anneal.Training.Models;

namespace Anneal.Bench;

static class ResNet9Tuned
{
    public static Bench Bench { get; } = new Comparison("resnet9-tuned", "a step of resnet9 by default, against a PyTorch script tuned by hand")
    {
        Cases =
        [
            new("resnet9, width 32, batch 128", () => Steps.Of(Steps.Recipe(new ResNet9()), Steps.PhysicalCores),
                new Peer($"PyTorch, tuned, {Steps.PhysicalCores} threads", 1, "tuned_step.py", "--model", "resnet9", "--threads", $"{Steps.PhysicalCores}"))
            {
                StepsPerCall = Steps.PerCall,
            },
            new("the same on one thread", () => Steps.Of(Steps.Recipe(new ResNet9()), threads: 1),
                new Peer("PyTorch, tuned, 1 thread", 1, "tuned_step.py", "--model", "resnet9", "--threads", "1"))
            {
                StepsPerCall = Steps.PerCall,
            },
        ],
    };
}
