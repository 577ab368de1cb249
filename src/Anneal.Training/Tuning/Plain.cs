using Anneal.Stopping;
using Anneal.Training.Losses;
using Anneal.Training.Models;
using Anneal.Training.Optimizers;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tuning;

/// <summary>A recipe with all that regularizes switched off.</summary>
static class Plain
{
    internal static Recipe Of(Recipe recipe) => recipe with
    {
        Augmentation = [],
        Averaging = null,
        WeightNoise = null,
        // The rates tried are meant as they are.
        BatchScaling = null,
        Loss = recipe.Loss is CrossEntropy loss ? loss with { Smoothing = 0 } : recipe.Loss,
        Optimizer = WithDecay(recipe.Optimizer, 0),
        Model = recipe.Model switch
        {
            Mlp mlp => mlp with { Dropout = 0 },
            ConvNet net => net with { Dropout = 0 },
            _ => recipe.Model,
        },
        Stop = [new NonFiniteSteps()],
        FinalWeights = FinalWeights.Last,
    };

    internal static Optimizer WithDecay(Optimizer optimizer, double decay) => optimizer switch
    {
        Sgd sgd => sgd with { WeightDecay = decay },
        AdamW adam => adam with { WeightDecay = decay },
        // A draw that is not applied would be written down as if it had been.
        _ => throw new RecipeException(
            $"optimizer: a study varies the weight decay of sgd and adamw. Received: {optimizer.GetType().Name}; start from one of these."),
    };
}
