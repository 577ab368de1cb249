using System.CommandLine;
using System.Text.Json;
using Anneal.Cli.Charts;
using Anneal.Cli.Display;
using Anneal.Curves;
using Anneal.Durations;
using Anneal.Runs;
using Anneal.Schedules;
using Anneal.Torch;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Recipes;
using Anneal.Training.Tuning;

namespace Anneal.Cli.Commands;

/// <summary><c>anneal lr-find</c>: the learning-rate range test of a recipe.</summary>
static class LrFindCommand
{
    const int MostSeeds = 20;
    const int MostIterations = 100_000;

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
        Option<bool> json = new("--json") { Description = "Write the curve and what was found as one line of JSON. Default: a chart and a table." };
        Option<bool> write = new("--write") { Description = "Write Smith's pair into the recipe, whose rate must be triangular, triangular2 or exp-range. Default: change no file." };
        Command command = new("lr-find", "Find the learning rate of a recipe by the range test: train while the rate rises, and see where the loss falls.")
        {
            recipe, from, to, iterations, linear, seeds, set, svg, json, write,
        };
        MachineOptions machine = new(command, "train");
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(recipe);
            Recipe read = RecipeFile.Read(path, [.. (parsed.GetValue(set) ?? []).Select(RunOptions.Split)]);
            PictureFile.Require(parsed.GetValue(svg));
            bool writes = parsed.GetValue(write);
            if (writes)
            {
                CyclicRecipe.Require(path, read);
            }
            RateSweep sweep = new()
            {
                From = parsed.GetValue(from) ?? 1e-7,
                To = parsed.GetValue(to) ?? 10,
                Iterations = Within("--iterations", parsed.GetValue(iterations) ?? 100, RateSweep.FewestIterations, MostIterations),
                IsLinear = parsed.GetValue(linear),
            };
            if (!(sweep.From > 0 && sweep.From < sweep.To && double.IsFinite(sweep.To)))
            {
                throw new UsageException($"--from must be above 0 and below --to. Received: --from {sweep.From} --to {sweep.To}.");
            }
            int repeats = Within("--seeds", parsed.GetValue(seeds) ?? 1, 1, MostSeeds);
            Device device = machine.Apply(parsed);
            using Dataset data = Dataset.Open(read.Data);
            data.Remarks.ToList().ForEach(Terminal.WriteError);
            (double[] Rates, double[] Losses)[] swept =
                [.. Enumerable.Range(0, repeats).Select(i => sweep.Run(read with { Seed = read.Seed + (ulong)i }, data, device))];
            // What several seeds measured at a rate is averaged, as far as all of them came.
            int count = swept.Min(one => one.Losses.Length);
            double[] mean = [.. Enumerable.Range(0, count).Select(i => swept.Average(one => one.Losses[i]))];
            RangeTestAnalysis analysis = RangeTest.Analyse(swept[0].Rates.AsSpan(0, count), mean);
            RangeTestDisplay display = new(sweep, [.. swept.Select(one => one.Losses)], analysis);
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(analysis, RunJson.Default.RangeTestAnalysis));
            }
            else
            {
                Console.Out.WriteLine(
                    $"range test of {path}: {count} of {sweep.Iterations} updates, the rate rising {(sweep.IsLinear ? "linearly" : "exponentially")} " +
                    $"from {Words.Number(sweep.From)} to {Words.Number(sweep.To)}{(repeats > 1 ? $", mean of {repeats} seeds" : "")}");
                Console.Out.WriteLine();
                display.Write(Console.Out);
            }
            if (parsed.GetValue(svg) is { } picture)
            {
                if (display.HasCurve)
                {
                    PictureFile.Write(picture, display.Svg());
                }
                else
                {
                    Terminal.WriteError($"There is no curve to draw into {picture}: the loss was finite in {analysis.Smoothed.X.Count} of {sweep.Iterations} updates.");
                }
            }
            if (analysis.Refusal is { } refusal)
            {
                Terminal.WriteError($"The range test suggests no rate. {refusal}");
                return ExitCode.Failed;
            }
            if (!writes)
            {
                return ExitCode.Ok;
            }
            if (analysis.Cycle is not { } cycle)
            {
                Terminal.WriteError($"There is no pair to write, and {path} is as it was. {analysis.Omitted.First(omitted => omitted.Rule == "cycle").Reason}");
                return ExitCode.Failed;
            }
            int examples = DataSplit.Stratified(data.Training.Labels, read.Validation, read.Seed).Training.Length;
            RunLength length = RunPlan.LengthOf(read, examples);
            ScheduleText rate = CyclicRecipe.Write(path, read, length, cycle);
            // With --json, standard output is for a program.
            (parsed.GetValue(json) ? Console.Error : Console.Out).WriteLine($"{path} now has learning-rate: {rate}");
            return ExitCode.Ok;
        });
        return command;
    }

    static int Within(string option, int value, int least, int most) => value >= least && value <= most
        ? value
        : throw new UsageException($"{option} must be from {least} to {most}. Received: {value}.");
}
