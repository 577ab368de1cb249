using System.Globalization;
using Anneal.Bench;

Bench[] benches = All.Benches;
switch (args)
{
    case ["--list"]:
        foreach (Bench bench in benches)
        {
            Console.WriteLine($"{bench.Name,-16} {bench.Claim}");
        }

        return 0;
    case ["--needs", var name]:
        Console.WriteLine(string.Join(' ', Find(name).Needs));
        return 0;
    case ["--ours", var name, .. var rest]:
        Find(name).Ours(rest, Console.Out);
        return 0;
    case [var name, .. var options]:
        Bench found = Find(name);
        Setting setting = new()
        {
            Peers = Environment.GetEnvironmentVariable("ANNEAL_BENCH_PEERS")!,
            BuiltPeers = Environment.GetEnvironmentVariable("ANNEAL_BENCH_BUILT_PEERS")!,
        };
        for (; options is [var option, var value, .. var more]; options = more)
        {
            double number = double.Parse(value, CultureInfo.InvariantCulture);
            setting = option switch
            {
                "--rounds" => setting with { Rounds = (int)number },
                "--seconds" => setting with { Seconds = number },
                _ => throw new ArgumentException($"A bench takes --rounds N and --seconds S. Received: {option}."),
            };
        }

        return found.Run(setting, Console.Out) ? 0 : 1;
    default:
        Console.Error.WriteLine("bench/run NAME [--rounds N] [--seconds S]; bench/run --list");
        return 2;
}

Bench Find(string name)
{
    if (benches.FirstOrDefault(bench => bench.Name == name) is { } found)
    {
        return found;
    }

    Console.Error.WriteLine($"No bench named '{name}'. There are: {string.Join(", ", benches.Select(bench => bench.Name))}.");
    Environment.Exit(2);
    throw new InvalidOperationException();
}
