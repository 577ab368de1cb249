// Shuffled, cropped, flipped, normalized batches of 128 grey 28×28 images, on one core.
//
// Claim     at least 20 times as fast as torchvision's transforms with a DataLoader
// Hardware  AMD EPYC (Zen 5, AVX512-BF16), 2 cores, lightly shared, 2026-11-21
// Versions  .NET 10, libtorch 1.13, PyTorch 1.13, torchvision 0.14 (Debian 12)
// n         3 rounds of 1.5 s a side; the default is more
// Result    59 µs against 9.1 ms, 154 times as fast
// Run       bench/run pipeline
using Anneal.Torch;
using Anneal.Training.Augmentation;
using Anneal.Training.Data;
using Anneal.Training.Loop;

namespace Anneal.Bench;

static class Pipeline
{
    const int Batch = 128;

    public static Bench Bench { get; } = new Comparison("pipeline", "augmented batches on one core, against torchvision with a DataLoader")
    {
        Cases = [new("batches of 128", Prepare, new Peer("torchvision and DataLoader", 20, "pipeline.py", "--threads", "1"))],
    };

    static Action Prepare()
    {
        Engine.Threads = 1;
        Dataset data = Steps.Noise();
        BatchSource source = new(
            data.Training, [.. Enumerable.Range(0, data.Training.Count)], [new RandomCrop { Padding = 2 }, new HorizontalFlip()],
            Normalization.Of(data, MemoryFormat.Contiguous), seed: 0);
        Dictionary<string, double> values = [];
        int perEpoch = source.Count / Batch;
        long batch = 0;
        return () =>
        {
            using TensorScope scope = new();
            source.Load(batch / perEpoch, (int)(batch % perEpoch) * Batch, Batch, values);
            batch++;
        };
    }
}
