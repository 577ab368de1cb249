using System.Diagnostics;

namespace Anneal.Bench;

/// <summary>What a command reaches on the test examples: the mean over seeds, and the time each takes.</summary>
sealed record AccuracyOfSeeds(string Name, string Claim) : Bench(Name, Claim)
{
    public required double AtLeast { get; init; }

    /// <summary>The longest that a run may take, in seconds.</summary>
    public required double Within { get; init; }

    /// <summary>The command's words for a seed and a folder that is not there yet.</summary>
    public required Func<int, string, IReadOnlyList<string>> Command { get; init; }

    public override bool Run(Setting setting, TextWriter output)
    {
        int seeds = setting.Rounds ?? 3;
        output.WriteLine($"{Name}: {Claim}");
        List<double> accuracies = [];
        double slowest = 0;
        for (int seed = 0; seed < seeds; seed++)
        {
            using TemporaryFolder folder = new();
            long started = Stopwatch.GetTimestamp();
            Repository.Run(Command(seed, folder["run"]));
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            accuracies.Add(Repository.TestAccuracy(folder["run"]));
            slowest = Math.Max(slowest, seconds);
            output.WriteLine($"  seed {seed}: {accuracies[^1]:P2} in {seconds:0} s");
        }
        bool good = accuracies.Average() >= AtLeast;
        bool soon = slowest <= Within;
        output.WriteLine(
            $"  mean {accuracies.Average():P2} (at least {AtLeast:P1}: {(good ? "reached" : "MISSED")}), " +
            $"slowest {slowest:0} s (at most {Within:0}: {(soon ? "reached" : "MISSED")})");
        return good && soon;
    }
}
