// Anneal's loop against a bare C++ libtorch loop that does the same work.
//
// Claim     at most 5 % slower
// Hardware  AMD EPYC (Zen 5, AVX512-BF16), 2 cores, 2026-11-21
// Versions  .NET 10, libtorch 1.13 (Debian 12) on both sides
// n         5 rounds of 4 s a side; the default is more
// Result    convnet 8.5 against 22.6 ms, MLP 143 against 259 µs: 2.7 and 1.8 times as fast, for the loop's own kernels are fused
// Run       bench/run cpp-loop
//
// Both draw shuffled batches from resident bytes, crop and flip (convnet), normalize, run forward, loss, backward and
// SGD with Nesterov momentum and weight decay, and read the loss; the same threads, layout, precision and allocator
// settings. Anneal's side also counts what was right, watches the gradient's norm and logs.
using Anneal.Training.Augmentation;
using Anneal.Training.Loop;
using Anneal.Training.Models;

namespace Anneal.Bench;

static class CppLoop
{
    const double AtMostFivePercentSlower = 1 / 1.05;

    static readonly string[] Precision = Execution.ProcessorHasBFloat16 ? ["--bf16"] : [];

    public static Bench Bench { get; } = new Comparison("cpp-loop", "Anneal's loop against a bare C++ libtorch loop")
    {
        Cases =
        [
            new("convnet 16-32-64, batch 128, cropped and flipped, 1 thread",
                () => Steps.Of(Steps.Recipe(new ConvNet(), 128, new RandomCrop { Padding = 2 }, new HorizontalFlip()), threads: 1),
                new Peer("C++", AtMostFivePercentSlower,
                    ["loop", "--model", "convnet", "--batch", "128", "--threads", "1", "--channels-last", "--augment", .. Precision]))
            {
                StepsPerCall = Steps.PerCall,
            },
            new("mlp 784-128-10, batch 32, 1 thread", () => Steps.Of(Steps.Recipe(new Mlp(), batch: 32), threads: 1),
                new Peer("C++", AtMostFivePercentSlower, "loop", "--model", "mlp", "--batch", "32", "--threads", "1"))
            {
                StepsPerCall = Steps.PerCall,
            },
        ],
    };
}
