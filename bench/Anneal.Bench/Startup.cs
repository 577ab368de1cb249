// How soon the command line answers when everything is built.
//
// Claim     `./anneal --help` in under 0.3 s, of which ./anneal itself takes under 0.15 s
// Hardware  AMD EPYC (Zen 5, AVX512-BF16), 2 cores, lightly shared, 2026-11-21
// Versions  .NET 10, bash 5.2 (Debian 12)
// n         15 rounds
// Result    --help in 107 ms; ./anneal adds 7 ms
// Run       bench/run startup
using System.Diagnostics;

namespace Anneal.Bench;

sealed record Startup() : Bench("startup", "how soon ./anneal --help answers")
{
    const double HelpWithin = 0.3;
    const double OverheadWithin = 0.15;

    public override bool Run(Setting setting, TextWriter output)
    {
        Repository.Run("--help");
        string program = Path.Combine(Repository.Root, "artifacts", "bin", "Anneal.Cli", "release", "Anneal.Cli.dll");
        Samples whole = new(), alone = new();
        for (int round = 0; round < (setting.Rounds ?? 15); round++)
        {
            whole.Add(Time(Path.Combine(Repository.Root, "anneal"), "--help"));
            alone.Add(Time(Environment.ProcessPath!, program, "--help"));
        }
        double overhead = whole.Median - alone.Median;
        bool soon = whole.Median < HelpWithin;
        bool light = overhead < OverheadWithin;
        output.WriteLine($"{Name}: {Claim}");
        output.WriteLine($"  ./anneal --help      {whole}  (under {HelpWithin} s: {(soon ? "reached" : "MISSED")})");
        output.WriteLine($"  the program alone    {alone}");
        output.WriteLine($"  what ./anneal adds   {overhead * 1e3:0.0} ms  (under {OverheadWithin} s: {(light ? "reached" : "MISSED")})");
        return soon && light;
    }

    static double Time(string program, params string[] arguments)
    {
        long started = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
