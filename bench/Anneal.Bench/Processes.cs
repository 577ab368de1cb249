// Training beside training: several processes at once, each on as many threads as alone are fastest.
//
// Claim     two and three at once each take at most 1.3 times what sharing the cores fairly takes
// Hardware  AMD EPYC (Zen 5, AVX512-BF16), 2 cores, 2026-11-25
// Versions  .NET 10, libtorch 1.13 (Debian 12)
// n         1 round of 1.5 to 2.5 s, before the bench itself chose the threads; the default is more
// Result    width 8, 8×8, one thread: 1.05 (two). Width 32, 8×8: 1.28 and 1.33, MISSED by three at once.
//           Width 32, 28×28: 1.06 and 1.12. With oneDNN's gradient of the kernels, by whole commands of two on 8×8: 37 and 14.
// Run       bench/run processes
//
// A fair share is the time alone, as often as the processes' threads do not find a core. More threads count where they are at
// least 1.1 times as fast as one: at width 8 on 8×8 two gain 4 %, and two such processes take 1.8 to 2.7 times their share, most
// of it waking each other. In bfloat16, as `anneal train` computes where the processor can. All processes of a round measure over
// the same seconds, and go on after them while the others make their last steps; the slowest one counts.
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Anneal.Training.Data;
using Anneal.Training.Models;
using Anneal.Training.Recipes;

namespace Anneal.Bench;

sealed record Processes() : Bench("processes", "two and three training runs at once, against one alone")
{
    const double AtMost = 1.3;
    const double WorthMoreThreads = 1.1;
    const double SecondsToStart = 5;

    static readonly (string Name, int Width, ImageShape Shape)[] Networks =
    [
        ("resnet9, width 8, 8×8", 8, new ImageShape(1, 8, 8)),
        ("resnet9, width 32, 8×8", 32, new ImageShape(1, 8, 8)),
        ("resnet9, width 32, 28×28", 32, new ImageShape(1, 28, 28)),
    ];

    public override void Ours(string[] arguments, TextWriter output)
    {
        (_, int width, ImageShape shape) = Networks.Single(network => network.Name == arguments[0]);
        int threads = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        long start = long.Parse(arguments[2], CultureInfo.InvariantCulture);
        double seconds = double.Parse(arguments[3], CultureInfo.InvariantCulture);
        Action steps = Steps.Of(Recipe(width), threads, shape);
        do
        {
            steps();
        }
        while (Now < start);
        long started = Stopwatch.GetTimestamp();
        int calls = 0;
        do
        {
            steps();
            calls++;
        }
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds);
        double perStep = Stopwatch.GetElapsedTime(started).TotalSeconds / (calls * Steps.PerCall);
        // The others' last steps are beside ours, too.
        while (Now < start + (1250 * seconds))
        {
            steps();
        }
        output.WriteLine(JsonSerializer.Serialize(new { seconds_per_step = perStep }));
    }

    public override bool Run(Setting setting, TextWriter output)
    {
        double seconds = setting.Seconds ?? 4;
        int rounds = setting.Rounds ?? 3;
        int cores = Steps.PhysicalCores;
        output.WriteLine($"{Name}: {Claim}");
        output.WriteLine($"{rounds} rounds of {seconds} s on {cores} cores; the slowest process of each round, medians, then min–max.");
        bool reached = true;
        foreach ((string name, _, _) in Networks)
        {
            Samples[] found = [new(), new(), new()];
            int threads = Slowest(name, 1, cores, seconds) * WorthMoreThreads <= Slowest(name, 1, 1, seconds) ? cores : 1;
            for (int round = 0; round < rounds; round++)
            {
                for (int processes = 1; processes <= found.Length; processes++)
                {
                    found[processes - 1].Add(Slowest(name, processes, threads, seconds));
                }
            }

            output.WriteLine();
            output.WriteLine($"{name}, threads: {threads}");
            output.WriteLine($"  alone         {found[0]}");
            for (int processes = 2; processes <= found.Length; processes++)
            {
                double fair = Math.Max(1, processes * threads / (double)cores) * found[0].Median;
                double shares = found[processes - 1].Median / fair;
                bool good = shares <= AtMost;
                output.WriteLine(
                    $"  {processes} at once     {found[processes - 1]}   {shares:0.00} times its fair share  " +
                    $"(at most {AtMost}: {(good ? "reached" : "MISSED")})");
                reached &= good;
            }
        }
        return reached;
    }

    static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    static Recipe Recipe(int width) => Steps.Recipe(new ResNet9 { Width = width });

    double Slowest(string network, int processes, int threads, double seconds)
    {
        string start = (Now + (long)(1000 * SecondsToStart)).ToString(CultureInfo.InvariantCulture);
        string length = seconds.ToString(CultureInfo.InvariantCulture);
        Task<double>[] sides =
        [
            .. Enumerable.Range(0, processes).Select(_ => Task.Run(
                () => Side.Ours(Name, network, $"{threads}", start, length).GetProperty("seconds_per_step").GetDouble())),
        ];
        return Task.WhenAll(sides).GetAwaiter().GetResult().Max();
    }
}
