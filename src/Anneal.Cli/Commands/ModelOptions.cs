using System.CommandLine;
using Anneal.Events;
using Anneal.Training.Evaluation;
using Anneal.Training.Recipes;
using Anneal.Training.Runs;
using Anneal.Training.Tuning;

namespace Anneal.Cli.Commands;

/// <summary>What commands that use a trained model share: which, and how to run it.</summary>
sealed class ModelOptions
{
    readonly Argument<string> model = new("model")
    {
        HelpName = "model",
        Description = "A finished run's folder, or the file of a model or a checkpoint.",
    };

    readonly MachineOptions machine;

    readonly Option<string?> precision = new("--precision") { HelpName = "kind", Description = "auto, float32 or bfloat16. Default: the one it was trained in." };

    internal ModelOptions(Command command)
    {
        command.Arguments.Insert(0, model);
        machine = new MachineOptions(command, "run");
        command.Add(precision);
    }

    /// <summary>Reads the model.</summary>
    internal TrainedModel Load(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(model);
        if (Directory.Exists(path))
        {
            string file = Path.Combine(path, "model.safetensors");
            if (!File.Exists(file))
            {
                string finish = StudyFolder.IsAt(path) ? $" To finish the study: {StudyFolder.CommandOf(path) ?? $"anneal tune <data> --out {path}"}"
                    : !File.Exists(Path.Combine(path, "recipe.yaml")) ? " It has no recipe.yaml either, and is no run."
                    : RunFolder.Open(path).ReadEvents() is [.., RunEnded { Outcome: "diverged" }] ? " The run diverged; its checkpoints are models, too."
                    : $" To finish the run: anneal resume {path}";
                throw new FileNotFoundException($"A run has a model.safetensors when it is finished. There is none in '{path}'.{finish}");
            }
            path = file;
        }
        return TrainedModel.Load(path, machine.Apply(parsed), PrecisionOf(parsed.GetValue(precision)));
    }

    static Precision? PrecisionOf(string? text) => text switch
    {
        null => null,
        "auto" => Precision.Auto,
        "float32" => Precision.Float32,
        "bfloat16" => Precision.Bfloat16,
        _ => throw new UsageException($"--precision must be auto, float32 or bfloat16. Received: {text}."),
    };
}
