using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Anneal.Cli.Charts;
using Anneal.Cli.Display;
using Anneal.Durations;
using Anneal.Schedules;
using Anneal.Training.Data;
using Anneal.Training.Data.Idx;
using Anneal.Training.Loop;
using Anneal.Training.Recipes;

namespace Anneal.Cli.Commands;

/// <summary><c>anneal schedule</c>: shows schedules, from texts or from a recipe.</summary>
static class ScheduleCommand
{
    const int KeyPoints = 14;

    internal static Command Create()
    {
        Argument<string[]> texts = new("text")
        {
            HelpName = "text",
            Description = "Schedules such as \"linear(from=0, to=0.1) for 5ep then cosine(from=0.1, to=0)\"; several share one chart.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<long?> steps = new("--steps") { HelpName = "count", Description = "Length of the run in updates. Default: the recipe's with --from; otherwise needed." };
        Option<long?> perEpoch = new("--steps-per-epoch") { HelpName = "count", Description = "Updates in one pass over the data. Default: the recipe's with --from; needed where a text says ep." };
        Option<int?> batch = new("--batch-size") { HelpName = "count", Description = "Examples in one update. Default: the recipe's with --from; needed where a text says samples." };
        Option<string?> from = new("--from") { HelpName = "recipe.yaml", Description = "Show every scheduled value of a recipe on one clock. Default: the texts." };
        Option<bool> csv = new("--csv") { Description = "Print step and value for all steps, with 17 digits. Default: a chart and the key points." };
        Option<bool> json = new("--json") { Description = "Print each schedule as a line of JSON with all its values. Default: a chart and the key points." };
        Option<string?> svg = new("--svg") { HelpName = "file", Description = "Also draw it into an SVG file. Default: none." };
        Command command = new("schedule", "Show schedules: a chart, the key points, all values, or a picture.") { texts, steps, perEpoch, batch, from, csv, json, svg };
        command.SetAction(parsed =>
        {
            string[] given = parsed.GetValue(texts) ?? [];
            string? recipe = parsed.GetValue(from);
            PictureFile.Require(parsed.GetValue(svg));
            if (given.Length == 0 == recipe is null)
            {
                throw new UsageException("Give schedules as texts, or a recipe with --from; not both, not neither.");
            }
            IReadOnlyList<IReadOnlyList<ScheduleCurve>> panels = recipe is null
                ? [OfTexts(given, parsed.GetValue(steps), parsed.GetValue(perEpoch), parsed.GetValue(batch))]
                : OfRecipe(recipe, parsed.GetValue(steps), parsed.GetValue(perEpoch));
            if (parsed.GetValue(svg) is { } file)
            {
                // Of a recipe's values only those that change say something in a picture.
                IReadOnlyList<ScheduleCurve>[] changing = [.. panels.Where(curves => recipe is null || !curves[0].IsConstant)];
                PictureFile.Write(file, SvgChart.Draw(changing.Length > 0 ? changing : panels));
            }
            if (parsed.GetValue(json))
            {
                panels.SelectMany(curves => curves).ToList().ForEach(curve => WriteJson(Console.Out, curve));
            }
            else if (parsed.GetValue(csv))
            {
                WriteCsv(Console.Out, [.. panels.SelectMany(curves => curves)]);
            }
            else
            {
                Draw(Console.Out, panels);
            }
            return ExitCode.Ok;
        });
        return command;
    }

    static ScheduleCurve[] OfTexts(string[] given, long? steps, long? perEpoch, int? batch)
    {
        ScheduleText[] texts = [.. given.Select(ScheduleText.Parse)];
        long length = Positive("--steps", steps ?? throw new UsageException("--steps must be given: how many updates the run has."));
        Require(texts, DurationUnit.Epochs, perEpoch is not null, "--steps-per-epoch");
        Require(texts, DurationUnit.Samples, batch is not null, "--batch-size");
        RunLength run = new(length, Positive("--steps-per-epoch", perEpoch ?? length), (int)Positive("--batch-size", batch ?? 1));
        return [.. texts.Select(text => new ScheduleCurve(text.ToString(), text.Resolve(run), length))];
    }

    static IReadOnlyList<ScheduleCurve>[] OfRecipe(string path, long? steps, long? perEpoch)
    {
        Recipe recipe = RecipeFile.Read(path, []);
        // Where both lengths are given, the data need not be there.
        RunLength run = steps is not null && perEpoch is not null
            ? RunPlan.LengthOf(recipe with { Duration = Duration.Steps(1) }, 1)
            : RunPlan.LengthOf(recipe, TrainingExamples(recipe));
        run = run with { Steps = Positive("--steps", steps ?? run.Steps), StepsPerEpoch = Positive("--steps-per-epoch", perEpoch ?? run.StepsPerEpoch) };
        return [.. new ScheduleClock(recipe, run).Schedules.Select(named => new[] { new ScheduleCurve(named.Key, named.Value, run.Steps) })];
    }

    // The labels alone tell how many examples are left to train on.
    static int TrainingExamples(Recipe recipe)
    {
        byte[] labels = IdxFile.Read(IdxFolder.Find(KnownDataset.Locate(recipe.Data)).TrainingLabels).ToArray();
        return DataSplit.Stratified(labels, recipe.Validation, recipe.Seed).Training.Length;
    }

    static void Require(ScheduleText[] texts, DurationUnit unit, bool given, string option)
    {
        foreach (SchedulePiece piece in given ? [] : texts.SelectMany(text => text.Pieces))
        {
            IEnumerable<string> words = piece.Arguments.SelectMany(argument => argument.Value.Split(',', '[', ']', ' ')).Append(piece.Length?.ToString() ?? "");
            if (words.FirstOrDefault(word => Duration.TryParse(word, out Duration duration) && duration.Unit == unit) is { } found)
            {
                throw new UsageException($"{option} must be given where a schedule counts in its unit. Received: '{found}' in '{piece.Name}'.");
            }
        }
    }

    static long Positive(string option, long value) =>
        value >= 1 ? value : throw new UsageException($"{option} must be at least 1. Received: {value}.");

    static void Draw(TextWriter writer, IReadOnlyList<IReadOnlyList<ScheduleCurve>> panels)
    {
        foreach (IReadOnlyList<ScheduleCurve> curves in panels)
        {
            if (curves is [ScheduleCurve { IsConstant: true } constant])
            {
                writer.WriteLine($"{constant.Name}: {Number(constant.Schedule.At(0))} at every step");
                writer.WriteLine();
                continue;
            }
            if (curves.Count == 1)
            {
                writer.WriteLine(curves[0].Name);
            }
            TerminalChart.Draw(writer, curves);
            writer.WriteLine();
            foreach (ScheduleCurve curve in curves)
            {
                WriteKeyPoints(writer, curve, named: curves.Count > 1);
            }
        }
    }

    static void WriteKeyPoints(TextWriter writer, ScheduleCurve curve, bool named)
    {
        if (named)
        {
            writer.WriteLine(curve.Name);
        }
        TextTable table = new(["step", "value"], rightFrom: 0);
        foreach (long step in curve.KeySteps(KeyPoints))
        {
            table.Add(Words.Count(step), Number(curve.Schedule.At(step)));
        }
        table.Write(writer);
        writer.WriteLine();
    }

    static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    // Written as it goes: a long run has millions of values.
    static void WriteJson(TextWriter writer, ScheduleCurve curve)
    {
        writer.Write($"{{\"name\":{JsonValue.Create(curve.Name)!.ToJsonString()},\"values\":[");
        StringBuilder some = new();
        for (long step = 0; step < curve.Steps; step++)
        {
            some.Append(CultureInfo.InvariantCulture, $"{(step > 0 ? "," : "")}{curve.Schedule.At(step):R}");
            if (some.Length > 1 << 14)
            {
                writer.Write(some.ToString());
                some.Clear();
            }
        }
        writer.WriteLine($"{some}]}}");
    }

    static void WriteCsv(TextWriter writer, IReadOnlyList<ScheduleCurve> curves)
    {
        StringBuilder line = new("step");
        line.AppendJoin("", curves.Select(curve => "," + (curves.Count == 1 ? "value" : $"\"{curve.Name.Replace("\"", "\"\"")}\"")));
        writer.WriteLine(line);
        for (long step = 0; step < curves.Max(curve => curve.Steps); step++)
        {
            line.Clear().Append(step);
            foreach (ScheduleCurve curve in curves)
            {
                line.Append(CultureInfo.InvariantCulture, $",{curve.Schedule.At(step):G17}");
            }
            writer.WriteLine(line);
        }
    }
}
