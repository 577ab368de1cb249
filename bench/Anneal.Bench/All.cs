namespace Anneal.Bench;

/// <summary>Every bench, in the order in which they are listed.</summary>
internal static class All
{
    public static Bench[] Benches => [];
}
