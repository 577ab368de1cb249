namespace Anneal.Text;

/// <summary>The "did you mean" of every message about an unknown name.</summary>
public static class Suggestion
{
    /// <summary>The known name nearest to a received one; null where none is near enough to be meant.</summary>
    /// <param name="received">The name that is not known.</param>
    /// <param name="known">The names that exist; the first of several equally near wins.</param>
    /// <remarks>
    /// Near is at most one typing error for each three characters: a letter missing, added, changed, or two neighbours
    /// swapped (optimal string alignment). Case does not count.
    /// </remarks>
    public static string? Closest(string received, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(received);
        ArgumentNullException.ThrowIfNull(known);
        string? closest = null;
        int fewest = int.MaxValue;
        foreach (string name in known)
        {
            int errors = Distance(received, name);
            if (errors < fewest && errors <= Math.Max(1, Math.Max(received.Length, name.Length) / 3))
            {
                (closest, fewest) = (name, errors);
            }
        }

        return closest;
    }

    static int Distance(string first, string second)
    {
        int[] beforeLast = new int[second.Length + 1];
        int[] last = new int[second.Length + 1];
        int[] current = new int[second.Length + 1];
        for (int j = 0; j <= second.Length; j++)
        {
            last[j] = j;
        }

        for (int i = 1; i <= first.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= second.Length; j++)
            {
                int change = Same(first[i - 1], second[j - 1]) ? 0 : 1;
                current[j] = Math.Min(last[j - 1] + change, 1 + Math.Min(last[j], current[j - 1]));
                bool swapped = i > 1 && j > 1 && Same(first[i - 1], second[j - 2]) && Same(first[i - 2], second[j - 1]);
                if (swapped)
                {
                    current[j] = Math.Min(current[j], beforeLast[j - 2] + 1);
                }
            }

            (beforeLast, last, current) = (last, current, beforeLast);
        }

        return last[second.Length];
    }

    static bool Same(char first, char second) => char.ToLowerInvariant(first) == char.ToLowerInvariant(second);
}
