using Anneal.Randomness;

namespace Anneal.Training.Data;

/// <summary>Which training examples are trained on and which are set aside for validation. Test examples are never among them.</summary>
/// <param name="Training">Indices trained on, in rising order.</param>
/// <param name="Validation">Indices set aside, in rising order.</param>
public sealed record DataSplit(int[] Training, int[] Validation)
{
    /// <summary>What a person should know of it: the classes that are trained on and not measured, in one sentence; usually nothing.</summary>
    /// <param name="labels">The class of each example.</param>
    /// <param name="classes">Class names in label order.</param>
    public IReadOnlyList<string> Remarks(ReadOnlySpan<byte> labels, IReadOnlyList<string> classes)
    {
        int[] trained = new int[256];
        int[] aside = new int[256];
        foreach (int index in Training)
        {
            trained[labels[index]]++;
        }
        foreach (int index in Validation)
        {
            aside[labels[index]]++;
        }
        string[] unmeasured = [.. classes.Where((_, label) => Validation.Length > 0 && trained[label] > 0 && aside[label] == 0)];
        return unmeasured.Length == 0 ? []
            : [$"Every class should have validation examples. {unmeasured.Length} of {classes.Count} are only trained on, so few examples they have: " +
                $"{string.Join(", ", unmeasured.Take(10))}{(unmeasured.Length > 10 ? $" and {unmeasured.Length - 10} more" : "")}."];
    }

    /// <summary>Sets the same share of every class aside, but never the last example of one: each class is trained on.</summary>
    /// <param name="labels">The class of each example.</param>
    /// <param name="share">Share to set aside, 0 to below 1.</param>
    /// <param name="seed">The draw depends on it and on nothing else.</param>
    public static DataSplit Stratified(ReadOnlySpan<byte> labels, double share, ulong seed)
    {
        if (share is not (>= 0 and < 1))
        {
            throw new ArgumentException($"The share set aside for validation must be at least 0 and below 1. Received: {share}.");
        }
        List<int>[] members = [.. Enumerable.Range(0, 256).Select(_ => new List<int>())];
        for (int i = 0; i < labels.Length; i++)
        {
            members[labels[i]].Add(i);
        }
        bool[] aside = new bool[labels.Length];
        for (int label = 0; label < 256; label++)
        {
            int[] order = RandomStream.Permutation(members[label].Count, seed, "validation split", label);
            int count = (int)Math.Round(members[label].Count * share, MidpointRounding.AwayFromZero);
            count = Math.Min(count, Math.Max(0, members[label].Count - 1));
            for (int i = 0; i < count; i++)
            {
                aside[members[label][order[i]]] = true;
            }
        }
        return new DataSplit(
            [.. Enumerable.Range(0, aside.Length).Where(i => !aside[i])],
            [.. Enumerable.Range(0, aside.Length).Where(i => aside[i])]);
    }
}
