using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
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
        Option<bool> json = new("--json") { Description = "Write it all as one line of JSON. Default: as text." };
        Command command = new("inspect", "Show what a recipe, model, checkpoint or data set holds.") { what, set, channels, size, classes, json };
        command.SetAction(parsed =>
        {
            string given = parsed.GetRequiredValue(what);
            KeyValuePair<string, string>[] overrides = [.. (parsed.GetValue(set) ?? []).Select(RunOptions.Split)];
            Input input = new(parsed.GetValue(channels), parsed.GetValue(size), parsed.GetValue(classes));
            // Everything is said twice, and one of the two is written.
            JsonObject facts = [];
            bool asJson = parsed.GetValue(json);
            Show(new Output(asJson ? TextWriter.Null : Console.Out, facts), given, overrides, input);
            if (asJson)
            {
                Console.Out.WriteLine(facts.ToJsonString());
            }
            return ExitCode.Ok;
        });
        return command;
    }

    readonly record struct Output(TextWriter Text, JsonObject Facts);

    sealed record Input(int? Channels, int? Size, int? Classes)
    {
        internal ImageShape Shape => new(Positive("--in-channels", Channels ?? 1), Positive("--size", Size ?? 28), Positive("--size", Size ?? 28));

        internal bool IsGiven => Channels is not null || Size is not null || Classes is not null;

        internal int ClassCount => Classes is null or >= 2 ? Classes ?? 10 : throw new UsageException($"--classes must be at least 2. Received: {Classes}.");

        static int Positive(string option, int value) => value >= 1 ? value : throw new UsageException($"{option} must be at least 1. Received: {value}.");
    }

    static void Show(Output output, string given, KeyValuePair<string, string>[] overrides, Input input)
    {
        IReadOnlyCollection<string> models = RecipeText.Standard.Names(typeof(Model));
        if (File.Exists(given))
        {
            ShowFile(output, given, overrides, input);
        }
        else if (Directory.Exists(given) && File.Exists(Path.Combine(given, "recipe.yaml")))
        {
            ShowRecipe(output, Path.Combine(given, "recipe.yaml"), overrides, input);
        }
        else if (models.Contains(given))
        {
            Recipe recipe = RecipeText.Read("{}", [KeyValuePair.Create("model", given), .. overrides]);
            ShowModel(output, recipe, input.Shape, input.ClassCount);
        }
        else if (KnownDataset.Named(given) is not null || KnownDataset.Find(given) is not null)
        {
            ShowData(output, given);
        }
        else
        {
            string[] names = [.. models, .. KnownDataset.All.Select(known => known.Name)];
            string meant = Suggestion.Closest(given, names) is { } closest ? $" Did you mean '{closest}'?" : "";
            throw new FileNotFoundException($"There is no file, folder, model or data set '{given}'.{meant} Models: {string.Join(", ", models)}. Data sets: {string.Join(", ", KnownDataset.All.Select(known => known.Name))}.");
        }
    }

    static void ShowFile(Output output, string path, KeyValuePair<string, string>[] overrides, Input input)
    {
        string name = Path.GetFileName(path);
        if (name.EndsWith(".yaml", StringComparison.Ordinal) || name.EndsWith(".yml", StringComparison.Ordinal))
        {
            ShowRecipe(output, path, overrides, input);
        }
        else if (name.EndsWith(".safetensors", StringComparison.Ordinal))
        {
            ShowTensors(output, path);
        }
        else
        {
            IdxFile file = ReadIdx(path);
            output.Facts["kind"] = "idx";
            output.Facts["type"] = file.Type.ToString();
            output.Facts["shape"] = Array(file.Shape.Select(size => (long)size));
            output.Facts["bytes"] = file.ByteLength;
            output.Text.WriteLine($"IDX file, {file.Type} of shape [{string.Join(", ", file.Shape)}], {Words.Count(file.ByteLength)} bytes of elements");
        }
    }

    static IdxFile ReadIdx(string path)
    {
        try
        {
            return IdxFile.Read(path);
        }
        catch (InvalidFileException) when (!Path.GetFileName(path).Contains("idx", StringComparison.OrdinalIgnoreCase))
        {
            // It was hardly meant to be one: this says what to do with data of another format.
            KnownDataset.Locate(path);
            throw;
        }
    }

    static void ShowRecipe(Output output, string path, KeyValuePair<string, string>[] overrides, Input input)
    {
        Recipe recipe = RecipeFile.Read(path, overrides);
        output.Facts["kind"] = "recipe";
        output.Facts["recipe"] = RecipeText.Write(recipe);
        output.Text.WriteLine(RecipeText.Write(recipe));
        if (input.IsGiven)
        {
            ShowModel(output, recipe, input.Shape, recipe.Classes ?? input.ClassCount);
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
        DataSplit split = DataSplit.Stratified([.. training.Labels], recipe.Validation, recipe.Seed);
        RunLength length = RunPlan.LengthOf(recipe, split.Training.Length);
        // Resolving them tells of a schedule that does not fit the run.
        _ = new ScheduleClock(recipe, length);
        output.Facts["steps"] = length.Steps;
        output.Facts["steps-per-epoch"] = length.StepsPerEpoch;
        output.Text.WriteLine($"run length: {Words.Count(length.Steps)} steps, {Words.Count(length.StepsPerEpoch)} in a pass over the data");
        if (recipe.BatchScaling is { } scaling)
        {
            output.Facts["rate-factor"] = scaling.For(length.BatchSize);
            output.Text.WriteLine(
                $"learning rate: times {Words.Number(scaling.For(length.BatchSize))} by the {RecipeText.Standard.NameOf(scaling)} rule, " +
                $"for {Words.Count(length.BatchSize)} examples in an update against {Words.Count(scaling.Reference)}");
        }
        output.Text.WriteLine();
        IdxClasses meant = IdxClasses.Of(recipe.Data, files, training.Labels, IdxFile.Read(files.TestLabels).ToArray());
        int classes = recipe.Classes ?? meant.Names.Count;
        foreach (string remark in split.Remarks(meant.FromZero(training.Labels), meant.Names))
        {
            Terminal.WriteError(remark);
        }
        ShowModel(output, recipe, new ImageShape(training.Channels, training.Height, training.Width), classes);
    }

    static void ShowModel(Output output, Recipe recipe, ImageShape shape, int classes)
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
            output.Text.WriteLine($"{RecipeText.Standard.NameOf(recipe.Model)} for images of {shape} in {classes} classes");
            output.Text.WriteLine();
            ModelTable table = ModelTable.Of(module, shape);
            output.Text.Write(table.ToString());
            output.Facts["kind"] ??= "model";
            output.Facts["model"] = RecipeText.Standard.NameOf(recipe.Model);
            output.Facts["input"] = Array([shape.Channels, shape.Height, shape.Width]);
            output.Facts["classes"] = classes;
            output.Facts["parameters"] = table.Parameters;
            output.Facts["multiply-adds"] = table.MultiplyAdds;
            output.Facts["layers"] = new JsonArray([.. table.Rows.Select(row => new JsonObject
            {
                ["layer"] = row.Layer,
                ["kind"] = row.Kind,
                ["output"] = Array(row.Output),
                ["parameters"] = row.Parameters,
                ["multiply-adds"] = row.MultiplyAdds,
            })]);
            if (recipe.RateFactors.Count > 0)
            {
                output.Text.WriteLine();
                ShowGroups(output, recipe, module);
            }
        }
    }

    static void ShowGroups(Output output, Recipe recipe, Module module)
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
        output.Facts["groups"] = new JsonArray([.. groups.Select(group => new JsonObject
        {
            ["first"] = group.Parameters[0].Key,
            ["last"] = group.Parameters[^1].Key,
            ["parameters"] = group.Parameters.Sum(named => named.Value.Value.Count),
            ["rate-factor"] = group.RateFactor,
            ["decay-factor"] = group.DecayFactor,
        })]);
        TextTable table = new(["first", "last", "parameters", "rate", "weight decay"], rightFrom: 2);
        foreach (ParameterGroup group in groups)
        {
            table.Add(
                group.Parameters[0].Key, group.Parameters[^1].Key, Words.Count(group.Parameters.Sum(named => named.Value.Value.Count)),
                $"×{Words.Number(group.RateFactor)}", $"×{Words.Number(group.DecayFactor)}");
        }
        table.Write(output.Text);
    }

    static void ShowTensors(Output output, string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        if (file.HasHashes)
        {
            file.Verify();
        }
        output.Text.WriteLine($"safetensors file, {Words.Count(file.Entries.Count)} tensors, {(file.HasHashes ? "all hashes right" : "without hashes")}");
        output.Facts["kind"] = "tensors";
        output.Facts["hashed"] = file.HasHashes;
        if (CheckpointFile.ReadProgress(file) is { } progress)
        {
            output.Facts["step"] = progress.Step;
            output.Facts["steps"] = progress.Steps;
            output.Facts["seconds"] = progress.Seconds;
            output.Text.WriteLine($"checkpoint after step {progress.Step} of {progress.Steps}, kept as {string.Join(" and ", progress.Reasons)}, {Words.Time(TimeSpan.FromSeconds(progress.Seconds))} of training");
        }
        JsonObject metadata = [];
        output.Facts["metadata"] = metadata;
        foreach ((string key, string value) in file.Metadata.Where(entry => !entry.Key.StartsWith("sha256", StringComparison.Ordinal) && entry.Key is not ("format" or CheckpointFile.StateKey)).OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            metadata[key] = value;
            output.Text.WriteLine(value.Contains('\n') ? $"{key}:\n  {value.TrimEnd().Replace("\n", "\n  ")}" : $"{key}: {value}");
        }
        output.Text.WriteLine();
        output.Facts["tensors"] = new JsonArray([.. file.Entries.Values.Select(entry => new JsonObject
        {
            ["tensor"] = entry.Name,
            ["type"] = entry.Type.ToString(),
            ["shape"] = Array(entry.Shape),
            ["bytes"] = entry.ByteLength,
        })]);
        TextTable table = new(["tensor", "type", "shape", "bytes"], rightFrom: 2);
        foreach (SafetensorsEntry entry in file.Entries.Values)
        {
            table.Add(entry.Name, entry.Type.ToString(), entry.Shape.Length == 0 ? "scalar" : string.Join("×", entry.Shape), Words.Count(entry.ByteLength));
        }
        table.Write(output.Text);
    }

    static void ShowData(Output output, string name)
    {
        using Dataset data = Dataset.Open(name);
        output.Text.WriteLine($"data set {data.Name}: images of {data.Shape}, {data.Classes.Count} classes");
        output.Text.WriteLine($"training {Words.Count(data.Training.Count)} examples, test {Words.Count(data.Test.Count)}");
        output.Text.WriteLine($"mean {Numbers(data.Mean)}, standard deviation {Numbers(data.StandardDeviation)}");
        output.Text.WriteLine($"fingerprint {data.Fingerprint}");
        output.Facts["kind"] = "data";
        output.Facts["name"] = data.Name;
        output.Facts["image"] = Array([data.Shape.Channels, data.Shape.Height, data.Shape.Width]);
        output.Facts["training"] = data.Training.Count;
        output.Facts["test"] = data.Test.Count;
        output.Facts["mean"] = Array(data.Mean);
        output.Facts["standard-deviation"] = Array(data.StandardDeviation);
        output.Facts["fingerprint"] = data.Fingerprint;
        output.Facts["remarks"] = Array(data.Remarks);
        output.Facts["classes"] = new JsonArray([.. data.Classes.Select((title, label) => new JsonObject
        {
            ["label"] = label,
            ["class"] = title,
            ["training"] = data.Training.Labels.Count((byte)label),
            ["test"] = data.Test.Labels.Count((byte)label),
        })]);
        data.Remarks.ToList().ForEach(remark => output.Text.WriteLine($"remark: {remark}"));
        IdxFolder files = IdxFolder.Find(KnownDataset.Locate(name));
        if (IdxClasses.Of(name, files, IdxFile.Read(files.TrainingLabels).ToArray(), IdxFile.Read(files.TestLabels).ToArray()).First == 1)
        {
            output.Text.WriteLine("labels are from 1 in the files: label 1 is the first class");
        }
        if (Path.GetFileName(files.TrainingImages).StartsWith("emnist-", StringComparison.Ordinal))
        {
            output.Text.WriteLine("pictures as EMNIST's files have them, with rows and columns exchanged; a model wants them like that, too");
        }
        output.Text.WriteLine();
        TextTable table = new(["label", "class", "training", "test"], rightFrom: 2);
        for (int label = 0; label < data.Classes.Count; label++)
        {
            table.Add(label.ToString(CultureInfo.InvariantCulture), data.Classes[label], Words.Count(data.Training.Labels.Count((byte)label)), Words.Count(data.Test.Labels.Count((byte)label)));
        }
        table.Write(output.Text);
    }

    static JsonArray Array<T>(IEnumerable<T> values) => new([.. values.Select(value => JsonValue.Create(value))]);

    static string Numbers(IReadOnlyList<double> values) => string.Join(", ", values.Select(Words.Number));
}
