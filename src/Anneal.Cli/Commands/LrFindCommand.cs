using System.CommandLine;
using System.Text;
using System.Text.RegularExpressions;
using Anneal.Cli.Charts;
using Anneal.Cli.Display;
using Anneal.Cli.Machines;
using Anneal.Curves;
using Anneal.Durations;
using Anneal.Schedules;
using Anneal.Search;
using Anneal.Text;
using Anneal.Torch;
using Anneal.Torch.Serialization;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Recipes;
using Anneal.Training.Tuning;

namespace Anneal.Cli.Commands;

/// <summary><c>anneal lr-find</c>: the learning-rate range test of a recipe.</summary>
static class LrFindCommand
{
    const int MostSeeds = 20;
    // Smith's half cycles: 2 to 10 passes over the data.
    const double ShortestHalf = 2;
    const double LongestHalf = 10;
    const double UsualHalf = 4;
    static readonly string[] Cyclic = ["triangular", "triangular2", "exp-range"];

    internal static Command Create()
    {
        Argument<string> recipe = new("recipe") { HelpName = "recipe.yaml", Description = "The recipe whose rate is sought; its own rate is not looked at." };
        Option<double?> from = new("--from") { HelpName = "rate", Description = "The rate to begin with, above 0. Default: 1e-7." };
        Option<double?> to = new("--to") { HelpName = "rate", Description = "The rate to rise to, above --from. Default: 10." };
        Option<int?> iterations = new("--iterations") { HelpName = "count", Description = $"Updates in which it rises, at least {RateSweep.FewestIterations}. Default: 100." };
        Option<bool> linear = new("--linear") { Description = "Let the rate rise by equal differences, as in Smith's paper. Default: by equal factors." };
        Option<int?> seeds = new("--seeds") { HelpName = "count", Description = $"Repeat it with so many seeds, 1 to {MostSeeds}, and read their mean. Default: 1." };
        Option<string[]> set = new("--set", "-s") { HelpName = "key=value", Description = "Change a recipe value, such as batch-size=64; may be given several times. Default: none." };
        Option<string?> svg = new("--svg") { HelpName = "file", Description = "Also draw the curve into an SVG file. Default: none." };
        Option<bool> write = new("--write") { Description = "Write Smith's pair into the recipe, whose rate must be triangular, triangular2 or exp-range. Default: change no file." };
        Option<string?> device = new("--device") { HelpName = "device", Description = "Where to train: cpu, cuda or cuda:N. Default: the first CUDA device, or cpu where there is none." };
        Option<int?> threads = new("--threads") { HelpName = "count", Description = "Threads inside one operator, at least 1. Default: one a physical core." };
        Command command = new("lr-find", "Find the learning rate of a recipe by the range test: train while the rate rises, and see where the loss falls.")
        {
            recipe, from, to, iterations, linear, seeds, set, svg, write, device, threads,
        };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(recipe);
            Recipe read = RecipeFile.Read(path, [.. (parsed.GetValue(set) ?? []).Select(RunOptions.Split)]);
            bool writes = parsed.GetValue(write);
            if (writes)
            {
                RequireCyclic(read);
            }
            RateSweep sweep = new()
            {
                From = parsed.GetValue(from) ?? 1e-7,
                To = parsed.GetValue(to) ?? 10,
                Iterations = Within("--iterations", parsed.GetValue(iterations) ?? 100, RateSweep.FewestIterations, 1_000_000),
                IsLinear = parsed.GetValue(linear),
            };
            if (!(sweep.From > 0 && sweep.From < sweep.To && double.IsFinite(sweep.To)))
            {
                throw new UsageException($"--from must be above 0 and below --to. Received: --from {sweep.From} --to {sweep.To}.");
            }
            int repeats = Within("--seeds", parsed.GetValue(seeds) ?? 1, 1, MostSeeds);
            Engine.Threads = Within("--threads", parsed.GetValue(threads) ?? Machine.PhysicalCores, 1, 1024);
            Device chosen = DeviceChoice.Of(parsed.GetValue(device) is { } name ? RunOptions.ParseDevice(name) : null);
            using Dataset data = Dataset.Open(read.Data);
            (double[] Rates, double[] Losses)[] swept =
                [.. Enumerable.Range(0, repeats).Select(i => sweep.Run(read with { Seed = read.Seed + (ulong)i }, data, chosen))];
            RangeTestAnalysis analysis = Analyse(swept);
            Show(Console.Out, path, sweep, swept, analysis, parsed.GetValue(svg));
            if (analysis.Refusal is { } refusal)
            {
                Terminal.WriteError($"The range test suggests no rate. {refusal}");
                return ExitCode.Failed;
            }
            if (writes)
            {
                int examples = DataSplit.Stratified(data.Training.Labels, read.Validation, read.Seed).Training.Length;
                Write(Console.Out, path, read, TrainingRun.LengthOf(read, examples), analysis);
            }
            return ExitCode.Ok;
        });
        return command;
    }

    static int Within(string option, int value, int least, int most) => value >= least && value <= most
        ? value
        : throw new UsageException($"{option} must be from {least} to {most}. Received: {value}.");

    static void RequireCyclic(Recipe recipe)
    {
        if (recipe.LearningRate.Pieces is not [{ } piece] || !Cyclic.Contains(piece.Name))
        {
            throw new UsageException(
                $"--write needs a recipe whose learning rate is one of {string.Join(", ", Cyclic)}. Received: {recipe.LearningRate}. " +
                "Without --write the rates are shown only.");
        }
    }

    // What several seeds measured at a rate is averaged, as far as all of them came.
    static RangeTestAnalysis Analyse((double[] Rates, double[] Losses)[] swept)
    {
        int count = swept.Min(one => one.Losses.Length);
        double[] mean = [.. Enumerable.Range(0, count).Select(i => swept.Average(one => one.Losses[i]))];
        return RangeTest.Analyse(swept[0].Rates.AsSpan(0, count), mean);
    }

    static void Show(
        TextWriter writer, string path, RateSweep sweep, (double[] Rates, double[] Losses)[] swept, RangeTestAnalysis analysis, string? svg)
    {
        IReadOnlyList<double> rates = analysis.Smoothed.X;
        writer.WriteLine(
            $"range test of {path}: {rates.Count} of {sweep.Iterations} updates, the rate rising {(sweep.IsLinear ? "linearly" : "exponentially")} " +
            $"from {Words.Number(sweep.From)} to {Words.Number(sweep.To)}{(swept.Length > 1 ? $", mean of {swept.Length} seeds" : "")}");
        writer.WriteLine();
        if (rates.Count > 1)
        {
            Mark[] marks = [.. analysis.Suggestions.Select(suggestion => new Mark(suggestion.Rule, Math.Clamp(Place(suggestion.Rate), 0, 1)))];
            ICurve mean = Curve("smoothed loss", analysis.Smoothed.Y);
            TerminalChart.Draw(writer, [mean], marks);
            writer.WriteLine();
            if (svg is not null)
            {
                File.WriteAllText(svg, SvgChart.Draw([[mean, .. Band()]], marks));
            }
        }
        if (analysis.Suggestions.Count == 0)
        {
            return;
        }
        TextTable table = new(["", "rule", "rate", "why"], rightFrom: 4);
        foreach ((int number, SuggestedRate suggestion) in analysis.Suggestions.Index())
        {
            table.Add($"{number + 1}", suggestion.Rule, Words.Number(suggestion.Rate), suggestion.Reason);
        }
        if (analysis.Cycle is { } cycle)
        {
            table.Add("", "cycle", $"{Words.Number(cycle.Minimum)} to {Words.Number(cycle.Maximum)}", "Smith's pair for a cyclic schedule: the loss stops falling at the maximum; the minimum is a quarter of it.");
        }
        table.Write(writer);

        double Place(double rate) => sweep.IsLinear
            ? (rate - rates[0]) / (rates[^1] - rates[0])
            : Math.Log(rate / rates[0]) / Math.Log(rates[^1] / rates[0]);

        PointCurve Curve(string name, IReadOnlyList<double> losses) => new(
            name, [.. rates.Select((rate, i) => (Place(rate), losses[i]))], $"rate {Words.Number(rates[0])}", Words.Number(rates[^1]));

        IEnumerable<ICurve> Band()
        {
            if (swept.Length == 1)
            {
                return [];
            }
            double[][] smoothed = [.. swept.Select(one => ExponentialAverage.Smooth(one.Losses.AsSpan(0, rates.Count), RangeTest.Smoothing))];
            return
            [
                Curve("lowest of the seeds", [.. rates.Select((_, i) => smoothed.Min(one => one[i]))]),
                Curve("highest of the seeds", [.. rates.Select((_, i) => smoothed.Max(one => one[i]))]),
            ];
        }
    }

    static void Write(TextWriter writer, string path, Recipe recipe, RunLength length, RangeTestAnalysis analysis)
    {
        if (analysis.Cycle is not { } cycle)
        {
            throw new UsageException("No pair was found to write: the loss still fell at the highest rate. Sweep further with --to.");
        }
        SchedulePiece piece = recipe.LearningRate.Pieces[0];
        Dictionary<string, string> found = new()
        {
            ["min"] = NumberText.Format(Rounded(cycle.Minimum)),
            ["max"] = NumberText.Format(Rounded(cycle.Maximum)),
            ["half"] = Half(piece, length).ToString(),
        };
        IEnumerable<string> arguments = found.Select(value => $"{value.Key}={value.Value}")
            .Concat(piece.Arguments.Where(argument => !found.ContainsKey(argument.Name)).Select(argument => $"{argument.Name}={argument.Value}"));
        ScheduleText text = $"{piece.Name}({string.Join(", ", arguments)})";
        string before = File.ReadAllText(path);
        // Only this line is changed: comments and the rest of the file stay as they are.
        string after = Regex.Replace(before, @"^learning-rate:[^\r\n]*", $"learning-rate: {text}", RegexOptions.Multiline);
        Recipe wanted = RecipeText.Read(before) with { LearningRate = text };
        if (RecipeText.Write(RecipeText.Read(after)) != RecipeText.Write(wanted))
        {
            throw new UsageException($"{path}: the rate must be on one line, 'learning-rate: ...', to be written. Write it by hand: learning-rate: {text}");
        }
        DurableFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(after)));
        writer.WriteLine();
        writer.WriteLine($"{path} now has");
        writer.WriteLine($"learning-rate: {text}");
    }

    // The recipe's own where it is within Smith's bounds; else four passes, or fewer where a whole cycle would not fit into the run.
    static Duration Half(SchedulePiece piece, RunLength length)
    {
        string? own = piece.Arguments.FirstOrDefault(argument => argument.Name == "half")?.Value;
        if (own is not null && Duration.TryParse(own, out Duration half)
            && (double)half.ToSteps(length) / length.StepsPerEpoch is >= ShortestHalf and <= LongestHalf)
        {
            return half;
        }
        double epochs = (double)length.Steps / length.StepsPerEpoch;
        return Duration.Epochs(Math.Clamp(Math.Floor(epochs / 2), ShortestHalf, UsualHalf));
    }

    static double Rounded(double rate) => double.Parse(rate.ToString("G3", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
}
