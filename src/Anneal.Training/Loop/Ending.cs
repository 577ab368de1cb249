using Anneal.Training.Checkpoints;
using Anneal.Training.Recipes;

namespace Anneal.Training.Loop;

/// <summary>Why a run ends: the decision as a value.</summary>
/// <param name="Outcome"><c>completed</c>, <c>stopped</c>, <c>diverged</c> or <c>interrupted</c>.</param>
/// <param name="Reason">One sentence for a person.</param>
sealed record Ending(string Outcome, string Reason)
{
    internal static Ending Completed(long step) => new("completed", $"All {step} steps of the recipe are done.");

    internal static Ending Interrupted(long step) => new("interrupted", $"Asked to stop after step {step}; the run can be resumed.");

    internal static Ending? IfDiverged(Recipe recipe, Progress progress, string cause) =>
        progress.SkippedInARow >= recipe.NonFiniteInARow || progress.SkippedInTotal >= recipe.NonFiniteInTotal
            ? new("diverged",
                $"The {cause} was not finite in {progress.SkippedInARow} steps in a row and {progress.SkippedInTotal} in all, up to step {progress.Step}. " +
                $"Try a lower learning rate (now {recipe.LearningRate}), a warmup, or clipped gradients.")
            : null;

    internal static Ending? IfOutOfPatience(long? patience, Progress progress) =>
        patience is { } steps && progress.BestAccuracy is { } best && progress.Step - progress.BestStep >= steps
            ? new("stopped", $"The validation accuracy has not risen above {best:P2} for {progress.Step - progress.BestStep} steps; the recipe's patience is {steps}.")
            : null;
}
