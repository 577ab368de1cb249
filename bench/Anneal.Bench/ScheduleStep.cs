// One evaluation of a schedule against PyTorch's `scheduler.step()`.
//
// Claim     any schedule under 15 ns, three joined under 30 ns, nothing allocated; at least 300 times cheaper than PyTorch's
// Hardware  AMD EPYC (Zen 5), 2 cores, 2026-11-21
// Versions  .NET 10, BenchmarkDotNet 0.14; PyTorch 1.13 (Debian 12)
// Result    0.6 to 6.6 ns; restarts 12 and 13, a broken power 12, a cosine of a broken power 14.6; three joined 5; 0 bytes;
//           at least 378 times cheaper than PyTorch's
// Run       bench/run schedule-step (two minutes)
//
// Expected: a virtual call, two or three comparisons and a multiplication, 1 to 3 ns; a sine or an exponential, 6 to 10 ns.
// PyTorch's step runs some twenty Python calls, 5 to 10 µs. Each of its schedulers is timed in its best of three runs,
// with one parameter group. Math.Sin takes 9 ns for any angle; up to π/4 its series takes 1.6. What is left of the cosine of
// a broken power is a logarithm and an exponential, 7.5 ns together in a loop of their own.
using System.Text.Json;
using Anneal.Durations;
using Anneal.Schedules;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;

namespace Anneal.Bench;

sealed record ScheduleStep() : Bench("schedule-step", "one evaluation of a schedule against PyTorch's scheduler.step()")
{
    const double MostNanoseconds = 15;
    const double MostOfThreePieces = 30;
    const double LeastRatio = 300;

    public override IReadOnlySet<string> Needs => new HashSet<string> { "python" };

    public override bool Run(Setting setting, TextWriter output)
    {
        output.WriteLine($"{Name}: {Claim}");
        using TemporaryFolder folder = new();
        IConfig config = ManualConfig.CreateEmpty()
            .AddJob(Job.Default.WithToolchain(InProcessNoEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(5)
                .WithIterationTime(Perfolizer.Horology.TimeInterval.FromMilliseconds(200)))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(NullLogger.Instance)
            .WithArtifactsPath(folder.Path);
        Summary summary = BenchmarkRunner.Run<ScheduleEvaluation>(config);
        JsonElement theirs = Side.Output("/usr/bin/python3", [Path.Combine(setting.Peers, "schedule_step.py")]).GetProperty("nanoseconds");
        bool reached = true;
        foreach (BenchmarkReport report in summary.Reports)
        {
            string kind = (string)report.BenchmarkCase.Parameters["Kind"];
            double nanoseconds = report.ResultStatistics!.Median;
            long bytes = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0;
            double most = kind == ScheduleEvaluation.ThreePieces ? MostOfThreePieces : MostNanoseconds;
            bool good = nanoseconds < most && bytes == 0;
            string line = $"  {kind,-26} {nanoseconds,6:0.0} ns, {bytes} bytes  (under {most:0}, 0 bytes: {(good ? "reached" : "MISSED")})";
            if (theirs.TryGetProperty(kind, out JsonElement peer))
            {
                double ratio = peer.GetDouble() / nanoseconds;
                good &= ratio >= LeastRatio;
                line += $"   PyTorch {peer.GetDouble() / 1000:0.0} µs, {ratio:0} times as much  (at least {LeastRatio:0}: {(ratio >= LeastRatio ? "reached" : "MISSED")})";
            }
            output.WriteLine(line);
            reached &= good;
        }
        return reached;
    }
}

/// <summary>What BenchmarkDotNet calls: all steps of a run, one after the other.</summary>
public class ScheduleEvaluation
{
    internal const string ThreePieces = "three pieces";
    const int Steps = 20_000;

    static readonly Dictionary<string, string> Texts = new()
    {
        ["constant"] = "constant(0.1)",
        ["linear"] = "linear(from=0.1, to=0.001)",
        ["exponential"] = "exponential(from=0.1, to=0.001)",
        ["polynomial"] = "polynomial(from=0.1, to=0, power=2)",
        ["polynomial, power 0.9"] = "polynomial(from=0.1, to=0, power=0.9)",
        ["cosine"] = "cosine(from=0.1, to=0)",
        ["cosine, k 1.7"] = "cosine(from=0.1, to=0, k=1.7)",
        ["step"] = "step(0.1, every=5000, factor=0.1)",
        ["multi-step"] = "multi-step(0.1, at=[5000, 10000], factor=0.1)",
        ["inverse-sqrt"] = "inverse-sqrt(0.1, warmup=2000)",
        ["noam"] = "noam(model=512, warmup=4000)",
        ["restarts"] = "restarts(from=0.1, to=0, first=645, multiply=2)",
        ["restarts, multiply 1.01"] = "restarts(from=0.1, to=0, first=100, multiply=1.01, decay=0.99)",
        ["triangular"] = "triangular(min=0.01, max=0.1, half=2000)",
        ["triangular2"] = "triangular2(min=0.01, max=0.1, half=2000)",
        ["exp-range"] = "exp-range(min=0.01, max=0.1, half=2000, gamma=0.9999, per=iteration)",
        ["one-cycle"] = "one-cycle(max=0.1)",
        ["one-cycle-momentum"] = "one-cycle-momentum()",
        ["burn-in"] = "burn-in(0.001, power=4)",
        ["spec-augment"] = "spec-augment(peak=0.001, ramp=1000, hold-until=5000, decay-until=15000)",
        ["trapezoid"] = "trapezoid(peak=0.1, up=2000, down=4000, shape=sqrt)",
        ["snapshot"] = "snapshot(peak=0.1, cycles=5)",
        ["plateau"] = "plateau(0.1, factor=0.1, patience=10)",
        [ThreePieces] = "linear(from=0.001, to=0.1) for 2000 then constant(0.1) for 8000 then cosine(from=0.1, to=0)",
    };

    Schedule schedule = new Constant(0);
    long next;

    public static IEnumerable<string> Kinds => Texts.Keys;

    [ParamsSource(nameof(Kinds))]
    public string Kind { get; set; } = "";

    [GlobalSetup]
    public void Resolve() => schedule = ScheduleText.Parse(Texts[Kind]).Resolve(new RunLength(Steps, 100, 128));

    [Benchmark]
    public double At()
    {
        next = next < Steps ? next + 1 : 0;
        return schedule.At(next);
    }
}
