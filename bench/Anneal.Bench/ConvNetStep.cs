// One training step of convnet (16-32-64, batch 128), each side on one thread.
//
// Claim     at least 3 times as fast as a plain PyTorch script where the processor has AVX512-BF16
// Hardware  AMD EPYC (Zen 5, AVX512-BF16), 2 cores, 2026-11-21
// Versions  .NET 10, libtorch 1.13, PyTorch 1.13 (Debian 12)
// n         5 rounds of 4 s a side; the default is more
// Result    8.0 ms against 43.9 ms, 5.5 times as fast (against a tuned script 13.7 ms, 1.7)
// Run       bench/run convnet-step
//
// Without AVX512-BF16 there is no bar. The script tuned by hand is there for information.
using Anneal.Training.Loop;
using Anneal.Training.Models;

namespace Anneal.Bench;

static class ConvNetStep
{
    public static Bench Bench { get; } = new Comparison("convnet-step", "a step of convnet on one thread, against a plain PyTorch script")
    {
        Cases =
        [
            new("convnet 16-32-64, batch 128", () => Steps.Of(Steps.Recipe(new ConvNet()), threads: 1),
                new Peer("PyTorch, plain, 1 thread", Execution.ProcessorHasBFloat16 ? 3 : null, "plain_step.py", "--model", "convnet", "--threads", "1"),
                new Peer("PyTorch, tuned, 1 thread", null, "tuned_step.py", "--model", "convnet", "--threads", "1"))
            {
                StepsPerCall = Steps.PerCall,
            },
        ],
    };
}
