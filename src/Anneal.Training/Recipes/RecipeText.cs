using Anneal.Stopping;
using Anneal.Training.Augmentation;
using Anneal.Training.Averaging;
using Anneal.Training.Initialization;
using Anneal.Training.Losses;
using Anneal.Training.Models;
using Anneal.Training.Optimizers;
using Anneal.Training.Rates;
using Anneal.Training.Regularization;

namespace Anneal.Training.Recipes;

/// <summary>Recipes as YAML text.</summary>
public static class RecipeText
{
    /// <summary>The longest text that is read, in characters.</summary>
    public const int LongestText = 1 << 20;

    /// <summary>The names that this library's own techniques and schedules have in recipes. It does not change: <c>With</c> gives one that has yours, too.</summary>
    public static Catalog Standard { get; } = new Catalog()
        .With<Model, Mlp>("mlp")
        .With<Model, ConvNet>("convnet")
        .With<Model, ResNet9>("resnet9")
        .With<Model, ResNet18>("resnet18")
        .With<Model, ResNet34>("resnet34")
        .With<Model, ResNet50>("resnet50")
        .With<Initializer, He>("he")
        .With<Initializer, Glorot>("glorot")
        .With<Initializer, Xavier>("xavier")
        .With<Initializer, LeCun>("lecun")
        .With<Initializer, TorchDefault>("torch-default")
        .With<Optimizer, Sgd>("sgd")
        .With<Optimizer, AdamW>("adamw")
        .With<BatchScaling, LinearScaling>("linear")
        .With<BatchScaling, SquareRootScaling>("square-root")
        .With<IRateFactor, LayerDecay>("layer-decay")
        .With<IRateFactor, Discriminative>("discriminative")
        .With<IRateFactor, BiasRate>("bias-rate")
        .With<IRateFactor, PathRate>("path-rate")
        .With<ILoss, CrossEntropy>("cross-entropy")
        .With<IBatchTransform, RandomCrop>("random-crop")
        .With<IBatchTransform, HorizontalFlip>("horizontal-flip")
        .With<IBatchTransform, Cutout>("cutout")
        .With<IGradientTransform, ClipGradientNorm>("clip-norm")
        .With<IWeightAverage, ExponentialMovingAverage>("ema")
        .With<IStopRule, NonFiniteSteps>("non-finite")
        .With<IStopRule, Patience>("patience")
        .With<IStopRule, TargetReached>("target-reached")
        .With<IStopRule, MaximumSeconds>("maximum-seconds")
        .With<IStopRule, CheckpointFailure>("checkpoint-failure");

    /// <summary>Reads a recipe.</summary>
    /// <param name="yaml">YAML with the names of <see cref="Recipe"/>; what is left out keeps its default.</param>
    /// <param name="overrides">
    /// Values that win over the text, by path, such as <c>optimizer.momentum</c> → <c>0.8</c>. A text is taken whole, as it stands;
    /// lists and maps are YAML.
    /// </param>
    /// <param name="catalog">The names of techniques; <see cref="Standard"/> unless given.</param>
    /// <exception cref="RecipeException">The text is not a recipe; the message says where, why and what to write instead.</exception>
    public static Recipe Read(string yaml, IEnumerable<KeyValuePair<string, string>>? overrides = null, Catalog? catalog = null)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        if (yaml.Length > LongestText)
        {
            throw new RecipeException($"A recipe must have at most {LongestText} characters. Received: {yaml.Length}.");
        }
        RecipeMap root = RecipeNode.Read(yaml) as RecipeMap
            ?? throw new RecipeException("A recipe must be a map of names and values, such as 'model: resnet9'.");
        foreach ((string path, string value) in overrides ?? [])
        {
            try
            {
                RecipeNode.Set(root, path, new RecipeArgument(value));
            }
            catch (RecipeException e)
            {
                throw new RecipeException($"{path}: {e.Message}", e);
            }
        }
        return (Recipe)new RecipeReader(catalog ?? Standard).Bind(root, typeof(Recipe), "");
    }

    /// <summary>Writes a recipe with all its values: reading it back gives an equal recipe.</summary>
    /// <exception cref="RecipeException">A technique of the recipe is not in the catalog.</exception>
    public static string Write(Recipe recipe, Catalog? catalog = null)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return new RecipeWriter(catalog ?? Standard).Write(recipe);
    }

    /// <summary>Changes one value of a recipe by its path, as <c>--set</c> does.</summary>
    /// <exception cref="RecipeException">There is no such value, or it cannot be that.</exception>
    public static Recipe With(Recipe recipe, string path, string value, Catalog? catalog = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(value);
        return Read(Write(recipe, catalog), [KeyValuePair.Create(path, value)], catalog);
    }
}
