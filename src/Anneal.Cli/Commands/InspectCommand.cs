using System.CommandLine;
using System.Globalization;
using Anneal.Cli.Display;
using Anneal.Durations;
using Anneal.Text;
using Anneal.Torch;
using Anneal.Torch.Serialization;
using Anneal.Training.Checkpoints;
using Anneal.Training.Data;
using Anneal.Training.Data.Idx;
using Anneal.Training.Inspection;
using Anneal.Training.Loop;
using Anneal.Training.Models;
using Anneal.Training.Modules;
using Anneal.Training.Optimizers;
using Anneal.Training.Recipes;

namespace Anneal.Cli.Commands;

/// <summary><c>anneal inspect</c>: shows what a recipe, a model, a file of tensors or a data set holds.</summary>
static class InspectCommand
{
    internal static Command Create()
    {
        Argument<string> what = new("what")
        {
            HelpName = "what",
            Description = "A recipe or a run's folder, a model's name such as resnet9, a checkpoint or other safetensors file, a data set or an IDX file.",
        };
        Option<string[]> set = new("--set", "-s") { HelpName = "key=value", Description = "Change a recipe value; may be given several times. Default: none." };
        Option<int?> channels = new("--in-channels") { HelpName = "count", Description = "For a model: channels of an image. Default: the data's, or 1." };
        Option<int?> size = new("--size") { HelpName = "pixels", Description = "For a model: height and width of an image. Default: the data's, or 28." };
        Option<int?> classes = new("--classes") { HelpName = "count", Description = "For a model: classes told apart. Default: the data's, or 10." };
        Command command = new("inspect", "Show what a recipe, model, checkpoint or data set holds.") { what, set, channels, size, classes };
        command.SetAction(parsed =>
        {
            string given = parsed.GetRequiredValue(what);
            KeyValuePair<string, string>[] overrides = [.. (parsed.GetValue(set) ?? []).Select(RunOptions.Split)];
            Input input = new(parsed.GetValue(channels), parsed.GetValue(size), parsed.GetValue(classes));
            Show(Console.Out, given, overrides, input);
            return ExitCode.Ok;
        });
        return command;
    }

    sealed record Input(int? Channels, int? Size, int? Classes)
    {
        internal ImageShape Shape => new(Positive("--in-channels", Channels ?? 1), Positive("--size", Size ?? 28), Positive("--size", Size ?? 28));

        internal bool IsGiven => Channels is not null || Size is not null || Classes is not null;

        internal int ClassCount => Classes is null or >= 2 ? Classes ?? 10 : throw new UsageException($"--classes must be at least 2. Received: {Classes}.");

        static int Positive(string option, int value) => value >= 1 ? value : throw new UsageException($"{option} must be at least 1. Received: {value}.");
    }

    static void Show(TextWriter writer, string given, KeyValuePair<string, string>[] overrides, Input input)
    {
        IReadOnlyCollection<string> models = RecipeText.Standard.Names(typeof(Model));
        if (File.Exists(given))
        {
            ShowFile(writer, given, overrides, input);
        }
        else if (Directory.Exists(given) && File.Exists(Path.Combine(given, "recipe.yaml")))
        {
            ShowRecipe(writer, Path.Combine(given, "recipe.yaml"), overrides, input);
        }
        else if (models.Contains(given))
        {
            Recipe recipe = RecipeText.Read("{}", [KeyValuePair.Create("model", given), .. overrides]);
            ShowModel(writer, recipe, input.Shape, input.ClassCount);
        }
        else if (KnownDataset.Named(given) is not null || KnownDataset.Find(given) is not null)
        {
            ShowData(writer, given);
        }
        else
        {
            string[] names = [.. models, .. KnownDataset.All.Select(known => known.Name)];
            string meant = Suggestion.Closest(given, names) is { } closest ? $" Did you mean '{closest}'?" : "";
            throw new FileNotFoundException($"There is no file, folder, model or data set '{given}'.{meant} Models: {string.Join(", ", models)}. Data sets: {string.Join(", ", KnownDataset.All.Select(known => known.Name))}.");
        }
    }

    static void ShowFile(TextWriter writer, string path, KeyValuePair<string, string>[] overrides, Input input)
    {
        string name = Path.GetFileName(path);
        if (name.EndsWith(".yaml", StringComparison.Ordinal) || name.EndsWith(".yml", StringComparison.Ordinal))
        {
            ShowRecipe(writer, path, overrides, input);
        }
        else if (name.EndsWith(".safetensors", StringComparison.Ordinal))
        {
            ShowTensors(writer, path);
        }
        else
        {
            IdxFile file = IdxFile.Read(path);
            writer.WriteLine($"IDX file, {file.Type} of shape [{string.Join(", ", file.Shape)}], {Words.Count(file.ByteLength)} bytes of elements");
        }
    }

    static void ShowRecipe(TextWriter writer, string path, KeyValuePair<string, string>[] overrides, Input input)
    {
        Recipe recipe = RecipeFile.Read(path, overrides);
        writer.WriteLine(RecipeText.Write(recipe));
        if (input.IsGiven)
        {
            ShowModel(writer, recipe, input.Shape, recipe.Classes ?? input.ClassCount);
            return;
        }
        IdxSplit training;
        IdxFolder files;
        try
        {
            files = IdxFolder.Find(KnownDataset.Locate(recipe.Data));
            training = IdxSplit.Read(files.TrainingImages, files.TrainingLabels);
        }
        catch (Exception e) when (e is DirectoryNotFoundException or FileNotFoundException)
        {
            Terminal.WriteError($"The model and the length of the run depend on the data, which is not here. {e.Message} Or give --in-channels, --size and --classes.");
            return;
        }
        RunLength length = RunPlan.LengthOf(recipe, DataSplit.Stratified([.. training.Labels], recipe.Validation, recipe.Seed).Training.Length);
        // Resolving them tells of a schedule that does not fit the run.
        _ = new ScheduleClock(recipe, length);
        writer.WriteLine($"run length: {Words.Count(length.Steps)} steps, {Words.Count(length.StepsPerEpoch)} in a pass over the data");
        if (recipe.BatchScaling is { } scaling)
        {
            writer.WriteLine(
                $"learning rate: times {Words.Number(scaling.For(length.BatchSize))} by the {RecipeText.Standard.NameOf(scaling)} rule, " +
                $"for {Words.Count(length.BatchSize)} examples in an update against {Words.Count(scaling.Reference)}");
        }
        writer.WriteLine();
        int classes = recipe.Classes ?? IdxClasses.Of(recipe.Data, files, training.Labels, IdxFile.Read(files.TestLabels).ToArray()).Names.Count;
        ShowModel(writer, recipe, new ImageShape(training.Channels, training.Height, training.Width), classes);
    }

    static void ShowModel(TextWriter writer, Recipe recipe, ImageShape shape, int classes)
    {
        Module module;
        try
        {
            module = recipe.Model.Build(shape, classes);
        }
        catch (ArgumentException e)
        {
            throw new RecipeException($"model: {e.Message}", e);
        }
        using (module)
        {
            writer.WriteLine($"{RecipeText.Standard.NameOf(recipe.Model)} for images of {shape} in {classes} classes");
            writer.WriteLine();
            writer.Write(ModelTable.Of(module, shape).ToString());
            if (recipe.RateFactors.Count > 0)
            {
                writer.WriteLine();
                ShowGroups(writer, recipe, module);
            }
        }
    }

    static void ShowGroups(TextWriter writer, Recipe recipe, Module module)
    {
        IReadOnlyList<ParameterGroup> groups;
        try
        {
            groups = ParameterGroups.Of(module, recipe.RateFactors);
        }
        catch (ArgumentException e)
        {
            throw new RecipeException($"rate-factors: {e.Message}", e);
        }
        TextTable table = new(["first", "last", "parameters", "rate", "weight decay"], rightFrom: 2);
        foreach (ParameterGroup group in groups)
        {
            table.Add(
                group.Parameters[0].Key, group.Parameters[^1].Key, Words.Count(group.Parameters.Sum(named => named.Value.Value.Count)),
                $"×{Words.Number(group.RateFactor)}", $"×{Words.Number(group.DecayFactor)}");
        }
        table.Write(writer);
    }

    static void ShowTensors(TextWriter writer, string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        if (file.HasHashes)
        {
            file.Verify();
        }
        writer.WriteLine($"safetensors file, {Words.Count(file.Entries.Count)} tensors, {(file.HasHashes ? "all hashes right" : "without hashes")}");
        if (CheckpointFile.ReadProgress(file) is { } progress)
        {
            writer.WriteLine($"checkpoint after step {progress.Step} of {progress.Steps}, kept as {string.Join(" and ", progress.Reasons)}, {Words.Time(TimeSpan.FromSeconds(progress.Seconds))} of training");
        }
        foreach ((string key, string value) in file.Metadata.Where(entry => !entry.Key.StartsWith("sha256", StringComparison.Ordinal) && entry.Key is not ("format" or CheckpointFile.StateKey)).OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            writer.WriteLine(value.Contains('\n') ? $"{key}:\n  {value.TrimEnd().Replace("\n", "\n  ")}" : $"{key}: {value}");
        }
        writer.WriteLine();
        TextTable table = new(["tensor", "type", "shape", "bytes"], rightFrom: 2);
        foreach (SafetensorsEntry entry in file.Entries.Values)
        {
            table.Add(entry.Name, entry.Type.ToString(), entry.Shape.Length == 0 ? "scalar" : string.Join("×", entry.Shape), Words.Count(entry.ByteLength));
        }
        table.Write(writer);
    }

    static void ShowData(TextWriter writer, string name)
    {
        using Dataset data = Dataset.Open(name);
        writer.WriteLine($"data set {data.Name}: images of {data.Shape}, {data.Classes.Count} classes");
        writer.WriteLine($"training {Words.Count(data.Training.Count)} examples, test {Words.Count(data.Test.Count)}");
        writer.WriteLine($"mean {Numbers(data.Mean)}, standard deviation {Numbers(data.StandardDeviation)}");
        writer.WriteLine($"fingerprint {data.Fingerprint}");
        IdxFolder files = IdxFolder.Find(KnownDataset.Locate(name));
        if (IdxClasses.Of(name, files, IdxFile.Read(files.TrainingLabels).ToArray(), IdxFile.Read(files.TestLabels).ToArray()).First == 1)
        {
            writer.WriteLine("labels are from 1 in the files: label 1 is the first class");
        }
        if (Path.GetFileName(files.TrainingImages).StartsWith("emnist-", StringComparison.Ordinal))
        {
            writer.WriteLine("pictures as EMNIST's files have them, with rows and columns exchanged; a model wants them like that, too");
        }
        writer.WriteLine();
        TextTable table = new(["label", "class", "training", "test"], rightFrom: 2);
        for (int label = 0; label < data.Classes.Count; label++)
        {
            table.Add(label.ToString(CultureInfo.InvariantCulture), data.Classes[label], Words.Count(data.Training.Labels.Count((byte)label)), Words.Count(data.Test.Labels.Count((byte)label)));
        }
        table.Write(writer);
    }

    static string Numbers(IReadOnlyList<double> values) => string.Join(", ", values.Select(Words.Number));
}
