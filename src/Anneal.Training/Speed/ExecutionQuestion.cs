using Anneal.Training.Recipes;

namespace Anneal.Training.Speed;

/// <summary>What a recipe and its user leave open, with what a rule of thumb would choose. Where one value is listed, it is fixed.</summary>
sealed record ExecutionQuestion
{
    /// <summary>Precisions to choose from.</summary>
    internal required IReadOnlyList<Precision> Precisions { get; init; }

    /// <summary>Memory layouts to choose from.</summary>
    internal required IReadOnlyList<Layout> Layouts { get; init; }

    /// <summary>Numbers of threads to choose from.</summary>
    internal required IReadOnlyList<int> Threads { get; init; }

    /// <summary>What is taken where nothing is measured: one of each of the above.</summary>
    internal required ExecutionSettings Rule { get; init; }

    /// <summary>Whether there is anything to choose.</summary>
    internal bool IsOpen => Precisions.Count > 1 || Layouts.Count > 1 || Threads.Count > 1;

    /// <summary>One thread, all, and the powers of two between.</summary>
    /// <param name="most">All that there are, at least 1.</param>
    internal static IReadOnlyList<int> ThreadsUpTo(int most)
    {
        List<int> counts = [];
        for (int count = 1; count < most; count *= 2)
        {
            counts.Add(count);
        }
        counts.Add(most);
        return counts;
    }
}
