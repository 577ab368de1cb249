// Runs killed with SIGKILL at random moments and taken up with `./anneal resume`.
//
// Claim     each ends with the bits of a run that was never killed: weights, optimizer state, and a log without a gap or a double
// Hardware  any
// Versions  .NET 10, libtorch 1.13 (Debian 12)
// n         100 kills
// Result    0 of 62 runs ended differently, 2026-11-21
// Run       bench/run resume (--rounds sets the kills)
//
// A killed run is resumed and killed again until it is done; then the next one starts. The moments are drawn from a
// fixed seed, from before the first step to the report.
using System.Diagnostics;
using System.Text.Json.Nodes;
using Anneal.Torch.Serialization;

namespace Anneal.Bench;

sealed record Resume() : Bench("resume", "runs killed at random moments end with the bits of a run that was not")
{
    const string Recipe =
        """
        validation: 0.02
        model:
          name: convnet
          widths: [4, 8]
          dropout: 0.1
        optimizer:
          name: sgd
          momentum: 0.9
        averaging: ema
        augmentation:
          - name: random-crop
            padding: 2
          - horizontal-flip
        batch-size: 32
        duration: 400st
        log-every: 10st
        evaluate-every: 100st
        checkpoints:
          last-every-steps: 20
        """;

    public override bool Run(Setting setting, TextWriter output)
    {
        int wanted = setting.Rounds ?? 100;
        output.WriteLine($"{Name}: {Claim}");
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["recipe.yaml"], Recipe);
        long started = Stopwatch.GetTimestamp();
        Repository.Run(["train", folder["recipe.yaml"], "--out", folder["whole"], "--threads", "1"]);
        double whole = Stopwatch.GetElapsedTime(started).TotalSeconds;
        string expected = Bits(folder["whole"]);

        Random random = new(7);
        int kills = 0, runs = 0, wrong = 0;
        while (kills < wanted)
        {
            string run = folder[$"run-{runs++}"];
            bool done = false;
            while (!done)
            {
                string[] command = File.Exists(Path.Combine(run, "events.jsonl"))
                    ? ["resume", run]
                    : ["train", folder["recipe.yaml"], "--out", run, "--threads", "1"];
                done = !Killed(command, TimeSpan.FromSeconds(random.NextDouble() * whole * 1.1), kills < wanted);
                kills += done ? 0 : 1;
            }
            string found = Bits(run);
            if (found != expected)
            {
                wrong++;
                output.WriteLine($"  run {runs} differs after {kills} kills");
            }
            Directory.Delete(run, recursive: true);
        }
        output.WriteLine($"  {kills} kills in {runs} runs of {whole:0.0} s: {wrong} runs ended differently (at most 0: {(wrong == 0 ? "reached" : "MISSED")})");
        return wrong == 0;
    }

    // Whether the command was killed before its end; an end of its own must be a good one.
    static bool Killed(string[] command, TimeSpan after, bool kill)
    {
        using Process process = Repository.Start(command);
        Task<string> said = process.StandardError.ReadToEndAsync();
        Task<string> printed = process.StandardOutput.ReadToEndAsync();
        if (kill && !process.WaitForExit(after))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return true;
        }
        process.WaitForExit();
        return process.ExitCode == 0 ? false : throw new InvalidOperationException($"./anneal {string.Join(' ', command)} ended with {process.ExitCode}: {said.Result}{printed.Result}");
    }

    // Weights, all tensors of the last checkpoint, and the log without what a clock says and without the resuming itself.
    static string Bits(string run)
    {
        string[] events = File.ReadAllLines(Path.Combine(run, "events.jsonl"));
        IEnumerable<string> log = events.Select(line => JsonNode.Parse(line)!.AsObject()).Where(happened => (string?)happened["event"] != "run-resumed")
            .Select(happened =>
            {
                happened.Remove("seconds");
                happened.Remove("examples-per-second");
                return happened.ToJsonString();
            });
        string checkpoint = Directory.EnumerateFiles(Path.Combine(run, "checkpoints"), "step-*.safetensors").Max(StringComparer.Ordinal)!;
        return string.Join('\n', [.. log, Path.GetFileName(checkpoint), Content(checkpoint), Content(Path.Combine(run, "model.safetensors"))]);
    }

    // Every tensor's name and SHA-256, as the file has them.
    static string Content(string file)
    {
        using SafetensorsFile open = SafetensorsFile.Open(file);
        return string.Join('\n', open.Metadata.Where(text => text.Key.StartsWith("sha256:", StringComparison.Ordinal)).Select(text => $"{text.Key} {text.Value}").Order());
    }
}
