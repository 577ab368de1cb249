// One training step of resnet9, as `anneal train` makes it by default, against a script as the tutorials write it.
//
// Claim     at least 2.5 times as fast where the processor has AVX512-BF16, 1.3 times without
// Hardware  AMD EPYC (Zen 5, AVX512-BF16), 2 cores, 2026-11-21
// Versions  .NET 10, libtorch 1.13, PyTorch 1.13 (Debian 12)
// n         5 rounds of 4 s a side; the default is more
// Result    108 ms against 503 ms, 4.6 times as fast (against two threads 362 ms, 3.4 times)
// Run       bench/run resnet9-step
//
// Width 32, batch 128, 28×28, SGD with Nesterov momentum. Anneal's side draws, normalizes and logs its batches; the
// peer's batch is there before the clock starts. PyTorch 1.13 runs on one thread where there are two cores, Anneal on
// two: what two threads give PyTorch is printed beside it, without a bar.
using Anneal.Training.Loop;
using Anneal.Training.Models;

namespace Anneal.Bench;

static class ResNet9Step
{
    public static Bench Bench { get; } = new Comparison("resnet9-step", "a step of resnet9 by default, against a plain PyTorch script")
    {
        Cases =
        [
            new("resnet9, width 32, batch 128", () => Steps.Of(Steps.Recipe(new ResNet9()), Steps.PhysicalCores),
                new Peer("PyTorch, plain", Execution.ProcessorHasBFloat16 ? 2.5 : 1.3, "plain_step.py", "--model", "resnet9"),
                new Peer($"PyTorch, plain, {Steps.PhysicalCores} threads", null, "plain_step.py", "--model", "resnet9", "--threads", $"{Steps.PhysicalCores}"))
            {
                StepsPerCall = Steps.PerCall,
            },
        ],
    };
}
