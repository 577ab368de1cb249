// What 10,000 training steps leave behind.
//
// Claim     as many live native tensors as after 100 steps, and at most 20 MB more resident memory
// Hardware  AMD EPYC (Zen 5, AVX512-BF16), 2 cores, 2026-11-21
// Versions  .NET 10, libtorch 1.13 (Debian 12)
// n         1 run a model
// Result    the same tensors; +19.6 MB (MLP) and +19.2 MB (convnet)
// Run       bench/run memory (--rounds sets the steps)
using System.Globalization;
using System.Text.Json;
using Anneal.Durations;
using Anneal.Torch;
using Anneal.Training.Augmentation;
using Anneal.Training.Models;
using Anneal.Training.Recipes;

namespace Anneal.Bench;

sealed record Memory() : Bench("memory", "live tensors and resident memory after 10,000 steps")
{
    const int Early = 100;
    const double AtMostMegabytes = 20;

    static readonly (string Name, Recipe Recipe)[] Runs =
    [
        ("mlp, batch 32", Steps.Recipe(new Mlp(), 32)),
        ("convnet 4-8, batch 32, cropped and flipped", Steps.Recipe(new ConvNet { Widths = [4, 8] }, 32, new RandomCrop { Padding = 2 }, new HorizontalFlip())),
    ];

    public override void Ours(string[] arguments, TextWriter output)
    {
        int steps = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        Recipe recipe = Runs.Single(run => run.Name == arguments[0]).Recipe with { LogEvery = Duration.Steps(20) };
        Action twenty = Steps.Of(recipe, threads: 1);
        void Train(int count)
        {
            for (int i = 0; i < count; i += 20)
            {
                twenty();
            }
        }
        Train(Early);
        (long tensors, double megabytes) = Now();
        Train(steps - Early);
        (long tensorsAfter, double megabytesAfter) = Now();
        output.WriteLine(JsonSerializer.Serialize(new { tensors, tensors_after = tensorsAfter, megabytes, megabytes_after = megabytesAfter }));
    }

    public override bool Run(Setting setting, TextWriter output)
    {
        int steps = setting.Rounds ?? 10_000;
        output.WriteLine($"{Name}: live native tensors and resident memory after {Early} and {steps} steps");
        bool reached = true;
        foreach ((string name, _) in Runs)
        {
            JsonElement measured = Side.Ours(Name, name, $"{steps}");
            double Of(string key) => measured.GetProperty(key).GetDouble();
            double grown = Of("megabytes_after") - Of("megabytes");
            bool good = Of("tensors_after") == Of("tensors") && grown <= AtMostMegabytes;
            output.WriteLine(
                $"  {name}: {Of("tensors")} and {Of("tensors_after")} tensors; {Of("megabytes"):0.0} and {Of("megabytes_after"):0.0} MB, " +
                $"{grown:+0.0;-0.0} (at most {AtMostMegabytes}: {(good ? "reached" : "MISSED")})");
            reached &= good;
        }
        return reached;
    }

    static (long Tensors, double Megabytes) Now()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        string line = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return (Tensor.LiveCount, double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024);
    }
}
