using Anneal.Torch;
using Anneal.Torch.Serialization;
using Anneal.Training.Augmentation;
using Anneal.Training.Data;
using Anneal.Training.Evaluation;
using Anneal.Training.Models;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tuning;

/// <summary>What may be done to training pictures: offered to the search, never imposed. A flipped digit is another digit.</summary>
static class Augmentations
{
    internal const string Key = "augmentation";
    internal const string None = "none";
    internal const string Crop = "crop";
    internal const string CropAndFlip = "crop+flip";

    // A network that has never seen a mirrored picture must still name most of those that it names rightly unmirrored.
    const double KeptShare = 0.7;
    const int MostMirrored = 2000;

    /// <summary>The transforms by their name, with a crop of a fourteenth of the picture: 2 pixels of 28, 1 of 8.</summary>
    internal static IReadOnlyList<IBatchTransform> Of(string name, ImageShape shape)
    {
        RandomCrop crop = new() { Padding = Math.Max(1, (int)Math.Round(Math.Min(shape.Height, shape.Width) / 14.0)) };
        return name switch { None => [], Crop => [crop], _ => [crop, new HorizontalFlip()] };
    }

    /// <summary>The name of a recipe's transforms; empty where they are others than those offered.</summary>
    internal static string NameOf(Recipe recipe) => recipe.Augmentation switch
    {
        [] => None,
        [RandomCrop] => Crop,
        [RandomCrop, HorizontalFlip] => CropAndFlip,
        _ => "",
    };

    /// <summary>The share of validation examples that a trained model still names rightly when they are mirrored, of those it names rightly as they are, and whether that lets flips be offered.</summary>
    /// <param name="checkpoint">Of a trial without flips.</param>
    /// <param name="data">Its data.</param>
    /// <param name="catalog">What its recipe may name.</param>
    /// <returns>Null where the checkpoint cannot be read: nothing is known.</returns>
    internal static (double Kept, bool Offers)? Mirror(string checkpoint, Dataset data, Catalog catalog)
    {
        try
        {
            using TrainedModel model = TrainedModel.Load(checkpoint, Device.Cpu, catalog: catalog);
            int[] validation = [.. DataSplit.Stratified(data.Training.Labels, model.Recipe.Validation, model.Recipe.Seed).Validation.Take(MostMirrored)];
            byte[] labels = [.. validation.Select(index => data.Training.Labels[index])];
            byte[] pixels = [.. validation.SelectMany(data.Training.Pixels)];
            using Examples upright = new(pixels, labels, data.Shape);
            for (int row = 0; row < pixels.Length; row += data.Shape.Width)
            {
                pixels.AsSpan(row, data.Shape.Width).Reverse();
            }
            using Examples mirrored = new(pixels, labels, data.Shape);
            bool[] right = Right(model, upright);
            bool[] still = Right(model, mirrored);
            double kept = (double)right.Zip(still).Count(pair => pair is (true, true)) / Math.Max(1, right.Count(named => named));
            return (kept, kept >= KeptShare);
        }
        catch (Exception e) when (e is InvalidFileException or FileNotFoundException)
        {
            return null;
        }
    }

    static bool[] Right(TrainedModel model, Examples examples)
    {
        float[] logits = model.Logits(examples);
        int classes = model.Classes.Count;
        return [.. Enumerable.Range(0, examples.Count).Select(i => Metrics.Accuracy.Predicted(logits.AsSpan(i * classes, classes)) == examples.Labels[i])];
    }
}
