using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Anneal.Bench;

/// <summary>
/// Speed against peers. Every side is a process of its own that warms up, measures for the given seconds and prints
/// one line of JSON; the sides take turns for a number of rounds, so that whatever else the machine does falls on all
/// of them alike.
/// </summary>
sealed record Comparison(string Name, string Claim) : Bench(Name, Claim)
{
    public required IReadOnlyList<Case> Cases { get; init; }

    public int Rounds { get; init; } = 7;

    public double Seconds { get; init; } = 4;

    public override IReadOnlySet<string> Needs =>
        Cases.SelectMany(one => one.Peers).Select(peer => peer.Command[0] == "loop" ? "loop" : "python").ToHashSet();

    public override void Ours(string[] arguments, TextWriter output) =>
        Side.Measure(Cases.Single(one => one.Name == arguments[0]), double.Parse(arguments[1], CultureInfo.InvariantCulture), output);

    public override bool Run(Setting setting, TextWriter output)
    {
        int rounds = setting.Rounds ?? Rounds;
        string seconds = (setting.Seconds ?? Seconds).ToString(CultureInfo.InvariantCulture);
        output.WriteLine($"{Name}: {Claim}");
        output.WriteLine($"{rounds} rounds, every side measured for {seconds} s in each, in turn; medians, then min–max.");
        if (Environment.GetEnvironmentVariable("ANNEAL_BENCH_CLOCK") == "processor")
        {
            output.WriteLine("Processor time: right on a machine that other work shares, for sides of one thread each.");
        }
        bool reached = true;
        foreach (Case one in Cases)
        {
            Samples ours = new();
            Samples[] theirs = one.Peers.Select(_ => new Samples()).ToArray();
            for (int round = 0; round < rounds; round++)
            {
                ours.Add(Side.Ours(Name, one.Name, seconds).GetProperty("seconds_per_step").GetDouble());
                for (int peer = 0; peer < theirs.Length; peer++)
                {
                    theirs[peer].Add(Side.Run(setting, one.Peers[peer].Command, seconds));
                }
            }

            output.WriteLine();
            output.WriteLine(one.Name);
            output.WriteLine($"  {"Anneal",-34} {ours}");
            for (int peer = 0; peer < theirs.Length; peer++)
            {
                double ratio = theirs[peer].Median / ours.Median;
                (string? name, double? bar) = (one.Peers[peer].Name, one.Peers[peer].AtLeast);
                string verdict = bar is null ? "" : ratio >= bar ? $"  (at least {bar:0.##}: reached)" : $"  (at least {bar:0.##}: MISSED)";
                output.WriteLine($"  {name,-34} {theirs[peer]}   Anneal is {ratio:0.00} times as fast{verdict}");
                reached &= bar is null || ratio >= bar;
            }
        }

        return reached;
    }
}

/// <summary>One thing measured on all sides.</summary>
/// <param name="Ours">Prepares our side and returns the function that makes <see cref="StepsPerCall"/> steps.</param>
sealed record Case(string Name, Func<Action> Ours, params IReadOnlyList<Peer> Peers)
{
    public int StepsPerCall { get; init; } = 1;
}

/// <summary>Somebody else's way to do the same.</summary>
/// <param name="Command">A file in bench/peers and its arguments.</param>
/// <param name="AtLeast">How many times as fast ours must be; null where the number is for information.</param>
sealed record Peer(string Name, double? AtLeast, params IReadOnlyList<string> Command);

/// <summary>Seconds per step of one side, one number a round.</summary>
sealed class Samples
{
    readonly List<double> seconds = [];

    public double Median
    {
        get
        {
            double[] sorted = seconds.Order().ToArray();
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }

    public void Add(double seconds) => this.seconds.Add(seconds);

    public override string ToString() => $"{Readable(Median),9}  ({Readable(seconds.Min())}–{Readable(seconds.Max())})";

    static string Readable(double seconds) => seconds switch
    {
        < 1e-3 => $"{seconds * 1e6:0.0} µs",
        < 1 => $"{seconds * 1e3:0.00} ms",
        _ => $"{seconds:0.00} s",
    };
}

/// <summary>One measurement by another process.</summary>
static class Side
{
    public static double Run(Setting setting, IReadOnlyList<string> command, string seconds) => command[0] == "loop"
        ? Run(Path.Combine(setting.BuiltPeers, "loop"), [.. command.Skip(1), "--seconds", seconds])
        : Run("/usr/bin/python3", [Path.Combine(setting.Peers, command[0]), .. command.Skip(1), "--seconds", seconds]);

    public static double Run(string program, IReadOnlyList<string> arguments) =>
        Output(program, arguments).GetProperty("seconds_per_step").GetDouble();

    /// <summary>What our side prints: this program again, as a process of its own.</summary>
    public static JsonElement Ours(string bench, params string[] arguments) =>
        Output(Environment.ProcessPath!, [typeof(Side).Assembly.Location, "--ours", bench, .. arguments]);

    /// <summary>The JSON object on the last line that a program prints.</summary>
    public static JsonElement Output(string program, IReadOnlyList<string> arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string[] lines = process.StandardOutput.ReadToEnd().Trim().Split('\n');
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonElement.Parse(lines[^1])
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    /// <summary>Our side: warms up for a quarter of the time, measures, and prints as the peers do.</summary>
    public static void Measure(Case one, double seconds, TextWriter output)
    {
        Action step = one.Ours();
        Time(step, seconds / 4);
        output.WriteLine(JsonSerializer.Serialize(new { name = one.Name, seconds_per_step = Time(step, seconds) / one.StepsPerCall }));
    }

    static double Time(Action step, double seconds)
    {
        bool processorTime = Environment.GetEnvironmentVariable("ANNEAL_BENCH_CLOCK") == "processor";
        long started = Stopwatch.GetTimestamp();
        TimeSpan used = Environment.CpuUsage.TotalTime;
        for (int calls = 1; ; calls++)
        {
            step();
            TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
            if (elapsed.TotalSeconds >= seconds && calls >= 3)
            {
                return (processorTime ? Environment.CpuUsage.TotalTime - used : elapsed).TotalSeconds / calls;
            }
        }
    }
}
