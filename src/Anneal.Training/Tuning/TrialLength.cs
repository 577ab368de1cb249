using Anneal.Durations;
using Anneal.Training.Data;
using Anneal.Training.Loop;
using Anneal.Training.Recipes;

namespace Anneal.Training.Tuning;

/// <summary>How long trials train: in updates, for these are what a network learns by. An epoch of ten updates is no trial.</summary>
static class TrialLength
{
    /// <summary>Updates of a coarse trial, and of a refining one, where the budget has time for them; whole passes at least, where it has time for those.</summary>
    internal const int CoarseUpdates = 400;
    internal const int RefiningUpdates = 1200;
    internal const int RefiningEpochs = 4;

    /// <summary>With fewer, an accuracy says more of the start than of the recipe.</summary>
    internal const int FewestUpdates = 200;

    /// <summary>Updates in a pass of a recipe over its training examples.</summary>
    internal static long PerEpoch(Recipe recipe, Dataset data) => RunPlan.LengthOf(
        recipe with { Duration = Duration.Epochs(1) }, Math.Max(1, (int)(data.Training.Count * (1 - recipe.Validation)))).Steps;

    /// <summary>The number of passes that a coarse trial makes.</summary>
    /// <param name="perEpoch">Updates in a pass.</param>
    /// <param name="affordable">Updates that there is time for.</param>
    internal static double CoarseEpochs(long perEpoch, double affordable)
    {
        double updates = Math.Max(FewestUpdates, Math.Min(affordable, Math.Max(CoarseUpdates, perEpoch)));
        // A pass that is nearly affordable is made whole.
        return updates >= perEpoch * 0.9 ? Math.Max(1, Math.Ceiling((updates / perEpoch) - 0.1)) : updates / perEpoch;
    }

    /// <summary>The number of passes that a refining trial makes; 0 where there is no time for one that tells more than a coarse trial did.</summary>
    /// <param name="perEpoch">Updates in a pass.</param>
    /// <param name="affordable">Passes that there is time for.</param>
    /// <param name="coarse">Passes that the coarse trial made.</param>
    internal static int RefiningPasses(long perEpoch, double affordable, double coarse)
    {
        double wanted = Math.Max(RefiningEpochs, Math.Ceiling((double)RefiningUpdates / perEpoch));
        double passes = Math.Floor(Math.Min(wanted, affordable));
        return passes >= 1.5 * coarse ? (int)passes : 0;
    }
}
