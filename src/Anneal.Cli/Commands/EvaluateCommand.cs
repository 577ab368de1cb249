using System.CommandLine;
using System.Text.Json;
using Anneal.Cli.Display;
using Anneal.Metrics;
using Anneal.Runs;
using Anneal.Training.Data;
using Anneal.Training.Evaluation;

namespace Anneal.Cli.Commands;

/// <summary><c>anneal evaluate</c>: measures a trained model on a split of a data set.</summary>
static class EvaluateCommand
{
    internal static Command Create()
    {
        Option<string?> data = new("--data") { HelpName = "data set", Description = "A known name or a folder of IDX files. Default: the data it was trained on." };
        Option<string?> split = new("--split") { HelpName = "name", Description = "test or validation. Default: test." };
        Option<bool> json = new("--json") { Description = "Write the measurements as one line of JSON. Default: as text." };
        Command command = new("evaluate", "Measure a trained model: accuracy, calibration, and each class.") { data, split, json };
        ModelOptions options = new(command);
        command.SetAction(parsed =>
        {
            string name = parsed.GetValue(split) ?? "test";
            if (name is not ("test" or "validation"))
            {
                throw new UsageException($"--split must be test or validation. Received: {name}.");
            }
            using TrainedModel model = options.Load(parsed);
            using Dataset opened = Dataset.Open(parsed.GetValue(data) ?? model.Recipe.Data);
            if (parsed.GetValue(data) is null && model.DataFingerprint is { } fingerprint && fingerprint != opened.Fingerprint)
            {
                throw new UsageException(
                    $"A model is measured on the data it was trained on, or on what --data names. '{opened.Name}' has another content now. To measure it all the same: --data {opened.Name}");
            }
            if (opened.Shape != model.Shape || opened.Classes.Count > model.Classes.Count)
            {
                throw new UsageException(
                    $"The data must fit the model, which takes images of {model.Shape} in {model.Classes.Count} classes. " +
                    $"Received: {opened.Name} with images of {opened.Shape} in {opened.Classes.Count} classes.");
            }
            Examples examples = name == "test" ? opened.Test : opened.Training;
            int[]? indices = name == "test" ? null : DataSplit.Stratified(opened.Training.Labels, model.Recipe.Validation, model.Recipe.Seed).Validation;
            if (indices is [])
            {
                throw new UsageException("The recipe sets no examples aside for validation. Use --split test.");
            }
            Evaluation evaluation = SplitEvaluation.Measure(name, examples, indices, model.Logits(examples, indices), model.Classes, model.Temperature);
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(evaluation with { Mistakes = [], Samples = [] }, RunJson.Default.Evaluation));
            }
            else
            {
                Write(evaluation);
            }
            return ExitCode.Ok;
        });
        return command;
    }

    static void Write(Evaluation evaluation)
    {
        TextWriter writer = Console.Out;
        writer.WriteLine($"split        {evaluation.Split}, {Words.Count(evaluation.Examples)} examples");
        writer.WriteLine($"accuracy     {Words.Percent(evaluation.Accuracy)}");
        writer.WriteLine($"loss         {Words.Number(evaluation.Before.NegativeLogLikelihood)} → {Words.Number(evaluation.After.NegativeLogLikelihood)} at temperature {Words.Number(evaluation.Temperature)}");
        writer.WriteLine($"ECE          {Words.Percent(evaluation.Before.ExpectedCalibrationError)} → {Words.Percent(evaluation.After.ExpectedCalibrationError)}");
        writer.WriteLine($"Brier score  {Words.Number(evaluation.Before.BrierScore)} → {Words.Number(evaluation.After.BrierScore)}");
        writer.WriteLine();
        TextTable table = new(["class", "examples", "recall", "precision"], rightFrom: 1);
        for (int label = 0; label < evaluation.Classes.Count; label++)
        {
            int right = evaluation.Confusion[label][label];
            int given = evaluation.Confusion[label].Sum();
            int said = evaluation.Confusion.Sum(row => row[label]);
            table.Add(evaluation.Classes[label], Words.Count(given), Share(right, given), Share(right, said));
        }
        table.Write(writer);
    }

    static string Share(int part, int whole) => whole == 0 ? "–" : Words.Percent((double)part / whole);
}
