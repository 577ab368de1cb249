using System.Globalization;
using System.Text.Json;
using Anneal.Torch;
using Anneal.Torch.Serialization;
using Anneal.Training.Checkpoints;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Models;
using Anneal.Training.Modules;
using Anneal.Training.Recipes;

namespace Anneal.Training.Evaluation;

/// <summary>A model from its file alone: the weights, and in the file's metadata all that is needed to use them.</summary>
public sealed class TrainedModel : IDisposable
{
    const string RecipeKey = "anneal.recipe";
    const string FingerprintKey = "anneal.data-fingerprint";
    const string ClassesKey = "anneal.classes";
    const string ShapeKey = "anneal.shape";
    const string MeanKey = "anneal.mean";
    const string DeviationKey = "anneal.standard-deviation";
    const string TemperatureKey = "anneal.temperature";

    readonly Module module;
    readonly Normalization normalization;

    TrainedModel(Module module, Recipe recipe, IReadOnlyList<string> classes, ImageShape shape, Normalization normalization, double temperature, Execution execution)
    {
        this.module = module;
        this.normalization = normalization;
        Recipe = recipe;
        Classes = classes;
        Shape = shape;
        Temperature = temperature;
        Execution = execution;
    }

    /// <summary>The recipe it was trained by.</summary>
    public Recipe Recipe { get; }

    /// <summary>The fingerprint of the data it was trained on; null for a model that was written before it was kept.</summary>
    public string? DataFingerprint { get; private init; }

    /// <summary>Class names in label order.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The size of the images it takes.</summary>
    public ImageShape Shape { get; }

    /// <summary>Divide the scores by it before softmax, for probabilities that fit how often it is right; 1 where none was fitted.</summary>
    public double Temperature { get; }

    /// <summary>How it is run.</summary>
    public Execution Execution { get; }

    /// <summary>What a model's file says beside its weights.</summary>
    /// <param name="recipe">The recipe it was trained by.</param>
    /// <param name="data">The data it was trained on.</param>
    /// <param name="temperature">Fitted on the validation examples; 1 for none.</param>
    /// <param name="catalog">The names of techniques and schedules; <see cref="RecipeText.Standard"/> unless given.</param>
    /// <exception cref="RecipeException">A technique or a schedule of the recipe is not in the catalog.</exception>
    public static IReadOnlyDictionary<string, string> Describe(Recipe recipe, Dataset data, double temperature, Catalog? catalog = null)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(data);
        return new Dictionary<string, string>
        {
            [RecipeKey] = RecipeText.Write(recipe with { Data = data.Source ?? Recipe.InMemory }, catalog),
            [FingerprintKey] = data.Fingerprint,
            [ClassesKey] = JsonSerializer.Serialize(data.Classes, TrainedModelJson.Default.IReadOnlyListString),
            [ShapeKey] = JsonSerializer.Serialize([data.Shape.Channels, data.Shape.Height, data.Shape.Width], TrainedModelJson.Default.IReadOnlyListInt32),
            [MeanKey] = JsonSerializer.Serialize(data.Mean, TrainedModelJson.Default.IReadOnlyListDouble),
            [DeviationKey] = JsonSerializer.Serialize(data.StandardDeviation, TrainedModelJson.Default.IReadOnlyListDouble),
            [TemperatureKey] = temperature.ToString("R", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Reads a model.</summary>
    /// <param name="path">A safetensors file with the metadata of <see cref="Describe"/>: a model's, or a checkpoint's, whose averaged weights are taken where it has any.</param>
    /// <param name="device">Where to run it.</param>
    /// <param name="precision">The precision to run it in; null for the one it was trained in.</param>
    /// <param name="catalog">The names of techniques and schedules that its recipe may have; <see cref="RecipeText.Standard"/> unless given.</param>
    /// <exception cref="InvalidFileException">The file is damaged, or is not a model of this library.</exception>
    public static TrainedModel Load(string path, Device device, Precision? precision = null, Catalog? catalog = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"A model is a finished run's folder or a safetensors file. There is neither at '{path}'.");
        }
        IReadOnlyDictionary<string, string> metadata;
        HashSet<string> names;
        using (SafetensorsFile file = SafetensorsFile.Open(path))
        {
            metadata = file.Metadata;
            names = [.. file.Entries.Keys];
        }
        Recipe recipe;
        IReadOnlyList<string> classes;
        ImageShape shape;
        IReadOnlyList<double> mean;
        IReadOnlyList<double> deviation;
        double temperature;
        try
        {
            recipe = RecipeText.Read(Value(RecipeKey), catalog: catalog);
            classes = JsonSerializer.Deserialize(Value(ClassesKey), TrainedModelJson.Default.IReadOnlyListString) ?? [];
            shape = JsonSerializer.Deserialize(Value(ShapeKey), TrainedModelJson.Default.IReadOnlyListInt32) is [> 0 and int channels, > 0 and int height, > 0 and int width]
                ? new ImageShape(channels, height, width)
                : throw new InvalidFileException(path, $"A model's image size must be three numbers above 0. Received: {Value(ShapeKey)}.");
            mean = JsonSerializer.Deserialize(Value(MeanKey), TrainedModelJson.Default.IReadOnlyListDouble) ?? [];
            deviation = JsonSerializer.Deserialize(Value(DeviationKey), TrainedModelJson.Default.IReadOnlyListDouble) ?? [];
            temperature = double.Parse(Value(TemperatureKey), NumberStyles.Float, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is JsonException or FormatException or RecipeException)
        {
            throw new InvalidFileException(path, $"A model's metadata must be what was written with it. {e.Message}", e);
        }
        if (classes.Count < 2 || classes.Any(name => name is null) || mean.Count != shape.Channels || deviation.Count != shape.Channels
            || !(temperature > 0 && double.IsFinite(temperature)) || !mean.All(double.IsFinite) || !deviation.All(value => value > 0 && double.IsFinite(value)))
        {
            throw new InvalidFileException(path, "A model's metadata must have two classes or more, a mean and a standard deviation for each channel, and a temperature above 0.");
        }
        Module module = Build();
        try
        {
            if (metadata.ContainsKey(CheckpointFile.StateKey))
            {
                TensorFile.LoadInto(path, module.State().Select(named => KeyValuePair.Create(InCheckpoint(named.Key), named.Value)), strict: false);
            }
            else
            {
                TensorFile.LoadInto(path, module.State());
            }
            Execution execution = Execution.Choose(precision is { } asked ? recipe with { Precision = asked } : recipe, device, module, shape);
            module.To(execution.Device, execution.Layout);
            return new TrainedModel(module, recipe, classes, shape, new Normalization(mean, deviation, execution.Layout), temperature, execution)
            {
                DataFingerprint = metadata.GetValueOrDefault(FingerprintKey),
            };
        }
        catch
        {
            module.Dispose();
            throw;
        }

        Module Build()
        {
            try
            {
                return recipe.Model.Build(shape, classes.Count);
            }
            catch (ArgumentException e)
            {
                throw new InvalidFileException(path, $"A model's recipe must fit its images and classes. {e.Message}", e);
            }
        }

        // Statistics that fit where the running ones do not, and the averaged weights where the run keeps any, as in its evaluations.
        string InCheckpoint(string name) =>
            names.Contains("statistics." + name) ? "statistics." + name
            : names.Contains("average." + name) ? "average." + name
            : names.Contains("model." + name) ? "model." + name
            : throw new InvalidFileException(path, $"A checkpoint must have the model's tensors. Missing: {name}.");

        string Value(string key) => metadata.TryGetValue(key, out string? value)
            ? value
            : throw new InvalidFileException(path, $"A model must have '{key}' in its metadata. Received: a safetensors file without; only models that Anneal has trained can be used.");
    }

    /// <summary>Scores before softmax, row by row, shape [examples, classes].</summary>
    /// <param name="examples">Images of this model's size, on any device.</param>
    /// <param name="indices">Which of them; null for all.</param>
    /// <exception cref="ArgumentException">The images have another size.</exception>
    public float[] Logits(Examples examples, int[]? indices = null) => examples.Shape == Shape
        ? Predictor.Logits(module, examples, indices, normalization, Execution)
        : throw new ArgumentException($"A model takes images of the size it was trained on, {Shape}. Received: {examples.Shape}.");

    /// <inheritdoc/>
    public void Dispose() => module.Dispose();
}

[System.Text.Json.Serialization.JsonSerializable(typeof(IReadOnlyList<string>))]
[System.Text.Json.Serialization.JsonSerializable(typeof(IReadOnlyList<int>))]
[System.Text.Json.Serialization.JsonSerializable(typeof(IReadOnlyList<double>))]
sealed partial class TrainedModelJson : System.Text.Json.Serialization.JsonSerializerContext;
