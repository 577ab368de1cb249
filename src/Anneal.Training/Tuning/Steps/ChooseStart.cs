using Anneal.Training.Recipes;

namespace Anneal.Training.Tuning.Steps;

/// <summary>Before the first step: the recipe to start from, and how fast it is.</summary>
sealed class ChooseStart : IStudyStep
{
    /// <inheritdoc/>
    public void Run(StudyCourse course, CancellationToken cancellation)
    {
        if (course.State.Recipe.Length > 0)
        {
            return;
        }
        // Every rate of a study is meant for the batch size it is found with.
        Recipe start = course.Options.Start is { } given
            ? given with { BatchScaling = null }
            : StartRecipe.Choose(course.Data, course.Options.Budget, course.Runner.Parallel, course.Options.Seed, cancellation);
        double speed = StartRecipe.ImagesPerSecond(start, course.Data, StartRecipe.MeasuredSeconds(course.Clock.Budget), cancellation);
        // A recipe that was given keeps its own augmentation.
        string[] augmentations = course.Options.Start is null && start.Augmentation.Count > 0 ? [Augmentations.None, Augmentations.Crop] : [];
        course.Keep(state => state with { Augmentations = augmentations, DataFingerprint = course.Data.Fingerprint, Command = course.Options.Command, Seed = course.Options.Seed, ImagesPerSecond = speed });
        course.Save(start);
    }
}
