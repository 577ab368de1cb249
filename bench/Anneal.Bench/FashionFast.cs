// recipes/fashion-mnist-fast.yaml: training time to the same test accuracy as the fastest PyTorch script we could write.
//
// Claim     at least 1.2 times as fast, at more than 92.5 % on average and no less than the peer
// Hardware  AMD EPYC (Zen 5, AVX512-BF16), 2 cores, 2026-11-21
// Versions  .NET 10, libtorch 1.13, PyTorch 1.13 (Debian 12)
// n         5 seeds a side
// Result    26.4 against 34.7 s, 1.31 times as fast, at 92.65 ± 0.06 % against 92.44 ± 0.11 %; PyTorch with our network: 37.6 s, 92.74 % (one seed)
// Run       bench/run fashion-fast
//
// Both train on all 60,000 images in bf16 and channels-last on as many threads as there are physical cores: the peer a
// 32-64-128 network for 4 epochs, ours a residual network of width 8, which PyTorch trains more slowly than its own. The
// clock covers training, from the first batch to the last: not opening the data, not evaluating.
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Anneal.Events;
using Anneal.Metrics;
using Anneal.Torch;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Recipes;

namespace Anneal.Bench;

sealed record FashionFast() : Bench("fashion-fast", "Fashion-MNIST to 92.5 %: training time and test accuracy")
{
    const double AtLeast = 1.2;
    const double AccuracyAtLeast = 0.925;

    public override IReadOnlySet<string> Needs => new HashSet<string> { "python" };

    public override void Ours(string[] arguments, TextWriter output)
    {
        Engine.Threads = Steps.PhysicalCores;
        string text = File.ReadAllText(Path.Combine(Repository.Root, "recipes", "fashion-mnist-fast.yaml"));
        Recipe recipe = RecipeText.Read(text, [KeyValuePair.Create("seed", arguments[0])]);
        using Dataset data = Dataset.Open(recipe.Data);
        using TrainingRun run = new(recipe, data);
        long started = Stopwatch.GetTimestamp();
        foreach (TrainingEvent _ in run.Events())
        {
        }
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        double accuracy = Accuracy.Top1(run.Predict(data.Test), data.Classes.Count, [.. data.Test.Labels.ToArray().Select(label => (long)label)]);
        output.WriteLine(JsonSerializer.Serialize(new { training_seconds = seconds, accuracy }));
    }

    public override bool Run(Setting setting, TextWriter output)
    {
        int rounds = setting.Rounds ?? 5;
        string threads = Steps.PhysicalCores.ToString(CultureInfo.InvariantCulture);
        output.WriteLine($"{Name}: {Claim}");
        output.WriteLine($"{rounds} seeds, in turn, {threads} threads a side.");
        (Samples Seconds, List<double> Accuracies) ours = (new(), []), theirs = (new(), []);
        for (int seed = 0; seed < rounds; seed++)
        {
            Add(ours, Side.Ours(Name, $"{seed}"));
            Add(theirs, Side.Output("/usr/bin/python3", [Path.Combine(setting.Peers, "fashion_fast.py"), "--seed", $"{seed}", "--threads", threads]));
        }
        double ratio = theirs.Seconds.Median / ours.Seconds.Median;
        output.WriteLine($"  Anneal   {ours.Seconds}   {Words(ours.Accuracies)}");
        output.WriteLine($"  PyTorch  {theirs.Seconds}   {Words(theirs.Accuracies)}");
        bool fast = ratio >= AtLeast;
        bool good = ours.Accuracies.Average() >= AccuracyAtLeast;
        // Two means are the same where their difference is within two of its standard errors.
        double error = Math.Sqrt(Square(StandardError(ours.Accuracies)) + Square(StandardError(theirs.Accuracies)));
        bool equal = ours.Accuracies.Average() >= theirs.Accuracies.Average() - (2 * error);
        output.WriteLine($"  Anneal is {ratio:0.00} times as fast (at least {AtLeast}: {Verdict(fast)})");
        output.WriteLine($"  accuracy at least {AccuracyAtLeast:P1}: {Verdict(good)}; not below the peer's beyond chance: {Verdict(equal)}");
        return fast && good && equal;
    }

    static void Add((Samples Seconds, List<double> Accuracies) side, JsonElement measured)
    {
        side.Seconds.Add(measured.GetProperty("training_seconds").GetDouble());
        side.Accuracies.Add(measured.GetProperty("accuracy").GetDouble());
    }

    static string Words(List<double> accuracies) => $"test accuracy {accuracies.Average():P2} ± {StandardError(accuracies):P2}";

    static string Verdict(bool reached) => reached ? "reached" : "MISSED";

    static double StandardError(List<double> values) =>
        values.Count < 2 ? 0 : Math.Sqrt(values.Sum(value => Square(value - values.Average())) / (values.Count - 1) / values.Count);

    static double Square(double value) => value * value;
}
