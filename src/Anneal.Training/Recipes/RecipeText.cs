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

    /// <summary>The names that this library's own techniques have in recipes. Add your own to it before reading.</summary>
    public static Catalog Standard { get; } = new Catalog()
        .Add<Model, Mlp>("mlp")
        .Add<Model, ConvNet>("convnet")
        .Add<Model, ResNet9>("resnet9")
        .Add<Model, ResNet18>("resnet18")
        .Add<Model, ResNet34>("resnet34")
        .Add<Model, ResNet50>("resnet50")
        .Add<Initializer, He>("he")
        .Add<Initializer, Glorot>("glorot")
        .Add<Initializer, Xavier>("xavier")
        .Add<Initializer, LeCun>("lecun")
        .Add<Initializer, TorchDefault>("torch-default")
        .Add<Optimizer, Sgd>("sgd")
        .Add<Optimizer, AdamW>("adamw")
        .Add<BatchScaling, LinearScaling>("linear")
        .Add<BatchScaling, SquareRootScaling>("square-root")
        .Add<IRateFactor, LayerDecay>("layer-decay")
        .Add<IRateFactor, Discriminative>("discriminative")
        .Add<IRateFactor, BiasRate>("bias-rate")
        .Add<IRateFactor, PathRate>("path-rate")
        .Add<ILoss, CrossEntropy>("cross-entropy")
        .Add<IBatchTransform, RandomCrop>("random-crop")
        .Add<IBatchTransform, HorizontalFlip>("horizontal-flip")
        .Add<IBatchTransform, Cutout>("cutout")
        .Add<IGradientTransform, ClipGradientNorm>("clip-norm")
        .Add<IWeightAverage, ExponentialMovingAverage>("ema")
        .Add<IStopRule, NonFiniteSteps>("non-finite")
        .Add<IStopRule, Patience>("patience")
        .Add<IStopRule, TargetReached>("target-reached")
        .Add<IStopRule, MaximumSeconds>("maximum-seconds")
        .Add<IStopRule, CheckpointFailure>("checkpoint-failure");

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
        return (Recipe)new RecipeBinder(catalog ?? Standard).Bind(root, typeof(Recipe), "");
    }

    /// <summary>Writes a recipe with all its values: reading it back gives an equal recipe.</summary>
    /// <exception cref="RecipeException">A technique of the recipe is not in the catalog.</exception>
    public static string Write(Recipe recipe, Catalog? catalog = null) => new RecipeBinder(catalog ?? Standard).Write(recipe);

    /// <summary>Changes one value of a recipe by its path, as <c>--set</c> does.</summary>
    /// <exception cref="RecipeException">There is no such value, or it cannot be that.</exception>
    public static Recipe With(Recipe recipe, string path, string value, Catalog? catalog = null) =>
        Read(Write(recipe, catalog), [KeyValuePair.Create(path, value)], catalog);
}
